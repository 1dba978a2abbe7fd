/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/inspect.h"

#include <errno.h>
#include <string.h>

#include "engine/verb/verb.h"
#include "lib/own.h"

typedef struct json *find_document(struct engine *e, const char *name, bool size, struct err *err);

static struct json *find_container(struct engine *e, const char *name, bool size, struct err *err)
{
	own_subject struct subject s = {0};

	return subject_find(e, name, 0, &s, err) < 0 ? NULL : inspect_container(e, &s, size, err);
}

static struct json *find_image(struct engine *e, const char *name, bool size, struct err *err)
{
	struct image image;

	(void)size;
	if (image_find(e->store, name, &image, &e->arena, err) < 0) {
		sentence_for(ABOUT_IMAGE, name, err);
		return NULL;
	}
	return inspect_image(e, &image, err);
}

static struct json *find_network(struct engine *e, const char *name, bool size, struct err *err)
{
	(void)size;
	return inspect_network(e, name, err);
}

static struct json *find_volume(struct engine *e, const char *name, bool size, struct err *err)
{
	struct volume volume;

	(void)size;
	if (volume_find(e->store, name, &volume, &e->arena, err) < 0) {
		sentence_for(ABOUT_VOLUME, name, err);
		return NULL;
	}
	return inspect_volume(e, &volume);
}

/* In the order in which docker looks. */
static const struct kind {
	const char *type;
	find_document *find;
} kinds[] = {{"container", find_container}, {"image", find_image}, {"network", find_network},
	{"volume", find_volume}};

static int check_type(const char *type, struct err *err)
{
	for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++)
		if (strcmp(type, kinds[i].type) == 0)
			return 0;
	return type ? err_set(err, EINVAL, "\"%s\" is not a valid value for --type", type) : 0;
}

/* NULL and E_NOT_FOUND in the words of the type, or of all of them. */
static struct json *find(struct engine *e, const struct inspect_request *rq, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct json *found;

		if (rq->type && strcmp(rq->type, kinds[i].type) != 0)
			continue;
		found = kinds[i].find(e, rq->name, rq->size, err);
		/* a name that cannot be an image's is not found, either */
		if (found || rq->type ||
			(err->code != E_NOT_FOUND && err->code != E_SYNTAX && err->code != E_USAGE))
			return found;
	}
	err_set(err, E_NOT_FOUND, "No such object: %s", rq->name);
	return NULL;
}

int verb_inspect(
	struct engine *e, const struct inspect_request *rq, struct sink *sink, struct err *err)
{
	struct result result = {.kind = RESULT_DOCUMENT};

	if (check_type(rq->type, err) < 0)
		return -err->code;
	result.document = find(e, rq, err);
	return result.document ? sink_result(sink, &result, err) : -err->code;
}
