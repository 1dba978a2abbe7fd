/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"
#include "puller/registry.h"

/* distribution-spec, Error Codes, and those of the registries in use */
static const struct {
	const char *name;
	int code;
} codes[] = {
	{"BLOB_UNKNOWN", E_BLOB_UNKNOWN},
	{"BLOB_UPLOAD_UNKNOWN", E_NOT_FOUND},
	{"DENIED", E_DENIED},
	{"DIGEST_INVALID", E_DIGEST_MISMATCH},
	{"MANIFEST_BLOB_UNKNOWN", E_BLOB_UNKNOWN},
	{"MANIFEST_INVALID", E_SYNTAX},
	{"MANIFEST_UNKNOWN", E_MANIFEST_UNKNOWN},
	{"NAME_INVALID", E_SYNTAX},
	{"NAME_UNKNOWN", E_NAME_UNKNOWN},
	{"SIZE_INVALID", E_SIZE_MISMATCH},
	{"TAG_INVALID", E_SYNTAX},
	{"UNAUTHORIZED", E_DENIED},
	{"UNSUPPORTED", E_UNSUPPORTED},
};

static int by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (strcmp(codes[i].name, name) == 0)
			return codes[i].code;
	return 0;
}

static int by_status(long status)
{
	switch (status) {
	case 401:
	case 403:
		return E_DENIED;
	case 404:
		return E_NOT_FOUND;
	case 405:
		return E_UNSUPPORTED;
	default:
		return E_NETWORK;
	}
}

static const char *status_words(long status)
{
	switch (status) {
	case 401:
		return "unauthorized: authentication required";
	case 403:
		return "denied: requested access to the resource is denied";
	case 404:
		return "not found";
	case 429:
		return "toomanyrequests: too many requests";
	case 503:
		return "unavailable: the server is busy";
	default:
		return "unexpected answer";
	}
}

/* "MANIFEST_UNKNOWN" as docker prints it: "manifest unknown". */
static void add_code(struct buf *text, const char *name)
{
	for (; *name; name++)
		buf_addc(text, *name == '_' ? ' ' : (char)tolower((unsigned char)*name));
}

int registry_error(long status, const char *text, size_t len, struct err *err)
{
	struct err ignored;
	own_arena struct arena a = {0};
	own_buf struct buf words = {0};
	struct json *doc = json_parse(&a, text, len, HTTP_TEXT_MAX, &ignored);
	struct json *errors = json_get(doc, "errors");
	struct json *first = errors && errors->type == JSON_ARRAY ? errors->first : NULL;
	const char *name = json_get_string(first, "code");
	const char *message = json_get_string(first, "message");
	int code = name ? by_name(name) : 0;

	if (!code)
		code = by_status(status);
	if (!name || !*name)
		return err_set(err, code, "%s (HTTP status %ld)", status_words(status), status);
	add_code(&words, name);
	if (message && *message)
		buf_addf(&words, ": %s", message);
	/* err_set() escapes what a terminal would obey */
	return err_set(err, code, "%.300s", buf_str(&words));
}
