/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/sentences.h"

#include <string.h>

#include "engine/docker/names.h"
#include "lib/own.h"
#include "spec/reference.h"

/* ---- errors ---- */

/* How docker writes the object in a sentence. */
enum form {
	AS_GIVEN,
	IMAGE,     /* "alpine:latest"; what is no name, as given */
	CANONICAL, /* "docker.io/library/alpine:latest" */
	NAME,      /* "alpine" */
};

enum place {
	ALONE,    /* the sentence is all */
	IN_FRONT, /* of what the tool said */
};

static const struct {
	enum subject_kind about;
	int code;
	enum form form;
	enum place place;
	const char *before, *after;
	const char *again; /* and behind that the object once more, and this */
} sentences[] = {
	{ABOUT_IMAGE, E_NOT_FOUND, IMAGE, ALONE, "No such image: ", "", NULL},
	{ABOUT_CONTAINER, E_NOT_FOUND, AS_GIVEN, ALONE, "No such container: ", "", NULL},
	{ABOUT_CONTAINER, E_USAGE, AS_GIVEN, ALONE, "Multiple IDs found with provided prefix: ", "",
		NULL},
	{ABOUT_CONTAINER_NAME, E_USAGE, AS_GIVEN, ALONE, "Invalid container name (",
		"), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", NULL},
	{ABOUT_VOLUME, E_NOT_FOUND, AS_GIVEN, ALONE, "get ", ": no such volume", NULL},
	{ABOUT_VOLUME, E_USAGE, AS_GIVEN, ALONE, "create ", ": \"",
		"\" includes invalid characters for a local volume name, only "
		"\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host "
		"directory, use absolute path"},
	{ABOUT_PULL, E_MANIFEST_UNKNOWN, CANONICAL, IN_FRONT, "manifest for ", " not found", NULL},
	{ABOUT_PULL, E_NAME_UNKNOWN, NAME, IN_FRONT, "repository ",
		" not found: does not exist or no pull access", NULL},
	{ABOUT_PULL, E_DENIED, NAME, IN_FRONT, "pull access denied for ",
		", repository does not exist or may require 'kist login'", NULL},
	{ABOUT_PULL, E_NOT_FOUND, IMAGE, IN_FRONT, "image with reference ",
		" was found but does not match the specified platform", NULL},
	{ABOUT_PUSH, E_NOT_FOUND, NAME, ALONE, "An image does not exist locally with the tag: ", "",
		NULL},
};

static const char *write_name(const char *name, enum form form, struct arena *a)
{
	struct reference ref;

	if (form == AS_GIVEN || reference_parse(name, &ref, a, &(struct err){0}) < 0)
		return name;
	return form == IMAGE        ? reference_familiar(&ref, a)
		: form == CANONICAL ? reference_canonical(&ref, a)
				    : reference_familiar_name(&ref, a);
}

int sentence_for(enum subject_kind about, const char *name, struct err *err)
{
	own_arena struct arena a = {0};

	for (size_t i = 0; name && i < ARRAY_LEN(sentences); i++) {
		const char *before = sentences[i].before, *after = sentences[i].after;
		const char *again = sentences[i].again, *shown;

		if (sentences[i].about != about || sentences[i].code != err->code)
			continue;
		shown = write_name(name, sentences[i].form, &a);
		if (sentences[i].place == IN_FRONT)
			return err_wrap(err, "%s%s%s", before, shown, after);
		return err_set(err, err->code, "%s%s%s%s%s", before, shown, after,
			again ? shown : "", again ? again : "");
	}
	return -err->code;
}

int sentence_name_taken(const char *name, const char *id, struct err *err)
{
	return err_set(err, E_EXISTS,
		"Conflict. The container name \"/%s\" is already in use by container \"%s\". You "
		"have to remove (or rename) that container to be able to reuse that name.",
		name, id);
}

/* ---- progress ---- */

const char *sentence_progress(enum subject_kind about, enum progress_status status)
{
	bool pull = about == ABOUT_PULL;

	switch (status) {
	case PROGRESS_WAITING:
		return pull ? "Pulling fs layer" : "Waiting";
	case PROGRESS_DOWNLOADING:
		return "Downloading";
	case PROGRESS_UPLOADING:
		return "Pushing";
	case PROGRESS_UNPACKING:
		return "Extracting";
	case PROGRESS_EXISTS:
		return pull ? "Already exists" : "Layer already exists";
	case PROGRESS_DONE:
		return pull ? "Pull complete" : "Pushed";
	default:
		return NULL;
	}
}

const char *sentence_pulled(const struct progress_line *line, struct arena *a)
{
	return arena_printf(a, "%s for %s",
		line->changed ? "Downloaded newer image" : "Image is up to date",
		names_familiar(line->reference, a));
}

void sentence_whole(const struct progress_line *line, bool quiet, struct buf *out)
{
	own_arena struct arena a = {0};
	struct reference ref;

	if (!line->reference || reference_parse(line->reference, &ref, &a, &(struct err){0}) < 0)
		return;
	switch (line->status) {
	case PROGRESS_RESOLVING:
		if (line->default_tag)
			buf_adds(out, "Using default tag: latest\n");
		buf_addf(out, "%s: Pulling from %s\n", ref.tag ? ref.tag : ref.digest.text,
			ref.repository);
		break;
	case PROGRESS_PUSHING:
		if (line->default_tag)
			buf_adds(out, "Using default tag: latest\n");
		buf_addf(out, "The push refers to repository [%s/%s]\n", ref.registry,
			ref.repository);
		break;
	case PROGRESS_PULLED:
		if (!quiet)
			buf_addf(out, "Digest: %s\nStatus: %s\n", line->digest ? line->digest : "",
				sentence_pulled(line, &a));
		buf_addf(out, "%s\n", line->reference);
		break;
	case PROGRESS_PUSHED:
		if (quiet)
			buf_addf(out, "%s\n", line->reference);
		else
			buf_addf(out, "%s: digest: %s size: %lld\n", ref.tag ? ref.tag : "",
				line->digest ? line->digest : "", (long long)line->size);
		break;
	default:
		break;
	}
}
