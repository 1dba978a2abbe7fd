/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/stage_build.h"

#include <string.h>

#include "builder/base.h"
#include "builder/build.h"
#include "builder/parse.h"
#include "builder/step_copy.h"
#include "builder/step_metadata.h"
#include "builder/step_refuse.h"
#include "builder/step_run.h"
#include "builder/step_workdir.h"

static int execute(struct stage *s, const struct instruction *in, struct err *err)
{
	int r = step_refuse(s, in, err); /* once more: triggers come from the base image */

	if (r < 0)
		return r;
	switch (in->kind) {
	case INSTRUCTION_RUN:
		r = step_run(s, in, err);
		break;
	case INSTRUCTION_COPY:
	case INSTRUCTION_ADD:
		r = step_copy(s, in, err);
		break;
	case INSTRUCTION_WORKDIR:
		r = step_workdir(s, in, err);
		break;
	default:
		r = step_metadata(s, in, err);
		break;
	}
	if (r >= 0 && s->history_bytes > JSON_DOCUMENT_MAX)
		r = err_set(err, E_LIMIT, "the image's configuration is longer than %u bytes",
			JSON_DOCUMENT_MAX);
	if (r < 0 && !s->build->failed)
		s->build->failed = in;
	return r < 0 ? r : 0;
}

/* The triggers that the base image keeps run first, and are gone then. */
static int run_triggers(struct stage *s, struct err *err)
{
	struct strings triggers = s->config.config.on_build;
	struct dockerfile d;

	s->config.config.on_build = (struct strings){0};
	for (size_t i = 0; i < triggers.count; i++) {
		if (parse_trigger(triggers.items[i], &d, &s->build->arena, err) < 0)
			return err_wrap(err, "in the ONBUILD trigger '%s' of '%s'",
				triggers.items[i], s->base);
		for (size_t j = 0; j < d.instructions.count; j++) {
			s->steps += stage_is_step(&d.instructions.items[j]);
			/* a failure is shown at the FROM line that brought the trigger in */
			s->build->failed = s->from;
			if (execute(s, &d.instructions.items[j], err) < 0)
				return err_wrap(err, "ONBUILD %s", triggers.items[i]);
			s->build->failed = NULL;
		}
	}
	return 0;
}

static int refuse(struct stage *s, struct err *err)
{
	for (size_t i = 0; i < s->ninstructions; i++) {
		if (step_refuse(s, &s->instructions[i], err) < 0) {
			s->build->failed = &s->instructions[i];
			return -err->code;
		}
	}
	return 0;
}

static int begin(struct stage *s, struct err *err)
{
	if (s->parent) {
		if (stage_build(s->parent, err) < 0 || stage_inherit(s, s->parent, err) < 0)
			return -err->code;
		variables_begin(&s->vars);
		s->step = 1;
		return run_triggers(s, err);
	}
	if (strcmp(s->base, "scratch") == 0) {
		stage_begin_scratch(s);
		variables_begin(&s->vars);
		s->step = 1;
		return 0;
	}
	if (base_begin(s, err) < 0) {
		s->build->failed = s->from;
		return -err->code;
	}
	variables_begin(&s->vars);
	return run_triggers(s, err);
}

int stage_build(struct stage *s, struct err *err)
{
	if (s->built)
		return 0;
	if (refuse(s, err) < 0 || begin(s, err) < 0)
		return -err->code;
	for (size_t i = 0; i < s->ninstructions; i++)
		if (execute(s, &s->instructions[i], err) < 0)
			return -err->code;
	s->built = true;
	return 0;
}
