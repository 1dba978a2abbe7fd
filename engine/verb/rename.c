/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "spec/reference.h"

int verb_rename(
	struct engine *e, const struct rename_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	const char *name = rq->name + (rq->name[0] == '/');
	int r = subject_find(e, rq->container, STORED_CONTAINER_LOCK, &s, err);

	if (r < 0)
		return r;
	if (!name_valid(name)) {
		err->code = E_USAGE;
		return sentence_for(ABOUT_CONTAINER_NAME, name, err);
	}
	if (strcmp(name, s.container->record.name) == 0)
		return err_set(
			err, EINVAL, "Renaming a container with the same name as its current name");
	plan_program(&e->plan, "kist-store", "rename", s.id, name, NULL);
	r = engine_do(e, sink, err);
	if (r == -E_EXISTS)
		return subject_name_taken(e, name, NULL, err);
	if (r == 0)
		sink_event(sink, "container", "rename", s.id, name);
	return r;
}
