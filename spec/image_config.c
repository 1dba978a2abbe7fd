/* SPDX-License-Identifier: Apache-2.0 */
/* The image config (image-spec, config.md): what a container of the image starts as. */
#include "spec/image.h"

#include <string.h>

static const struct schema_field healthcheck_fields[] = {
	FIELD(struct healthcheck, test, "Test", SCHEMA_STRINGS),
	FIELD(struct healthcheck, interval, "Interval", SCHEMA_INT64),
	FIELD(struct healthcheck, timeout, "Timeout", SCHEMA_INT64),
	FIELD(struct healthcheck, start_period, "StartPeriod", SCHEMA_INT64),
	FIELD(struct healthcheck, start_interval, "StartInterval", SCHEMA_INT64),
	FIELD(struct healthcheck, retries, "Retries", SCHEMA_INT64),
	FIELD(struct healthcheck, source, NULL, SCHEMA_SOURCE),
};

static const struct schema healthcheck_schema = SCHEMA(struct healthcheck, healthcheck_fields);

static const struct schema_field execution_fields[] = {
	FIELD(struct image_execution, user, "User", SCHEMA_STRING),
	FIELD(struct image_execution, exposed_ports, "ExposedPorts", SCHEMA_SET),
	FIELD(struct image_execution, env, "Env", SCHEMA_STRINGS),
	FIELD(struct image_execution, entrypoint, "Entrypoint", SCHEMA_STRINGS),
	FIELD(struct image_execution, cmd, "Cmd", SCHEMA_STRINGS),
	FIELD(struct image_execution, volumes, "Volumes", SCHEMA_SET),
	FIELD(struct image_execution, working_dir, "WorkingDir", SCHEMA_STRING),
	FIELD(struct image_execution, labels, "Labels", SCHEMA_STRING_MAP),
	FIELD(struct image_execution, stop_signal, "StopSignal", SCHEMA_STRING),
	FIELD(struct image_execution, args_escaped, "ArgsEscaped", SCHEMA_BOOL),
	FIELD(struct image_execution, healthcheck, "Healthcheck", SCHEMA_OPT_STRUCT,
		.sub = &healthcheck_schema),
	FIELD(struct image_execution, on_build, "OnBuild", SCHEMA_STRINGS),
	FIELD(struct image_execution, shell, "Shell", SCHEMA_STRINGS),
	FIELD(struct image_execution, source, NULL, SCHEMA_SOURCE),
};

static const struct schema image_execution_schema = SCHEMA(
	struct image_execution, execution_fields);

static const struct schema_field history_fields[] = {
	FIELD(struct image_history, created, "created", SCHEMA_STRING),
	FIELD(struct image_history, created_by, "created_by", SCHEMA_STRING),
	FIELD(struct image_history, author, "author", SCHEMA_STRING),
	FIELD(struct image_history, comment, "comment", SCHEMA_STRING),
	FIELD(struct image_history, empty_layer, "empty_layer", SCHEMA_BOOL),
	FIELD(struct image_history, source, NULL, SCHEMA_SOURCE),
};

static const struct schema history_schema = SCHEMA(struct image_history, history_fields);

static const struct schema_field rootfs_fields[] = {
	FIELD(struct image_rootfs, type, "type", SCHEMA_STRING),
	FIELD(struct image_rootfs, diff_ids, "diff_ids", SCHEMA_STRINGS, .flags = SCHEMA_ALWAYS),
	FIELD(struct image_rootfs, source, NULL, SCHEMA_SOURCE),
};

static const struct schema rootfs_schema = SCHEMA(struct image_rootfs, rootfs_fields);

static const struct schema_field image_config_fields[] = {
	FIELD(struct image_config, created, "created", SCHEMA_STRING),
	FIELD(struct image_config, author, "author", SCHEMA_STRING),
	FIELD(struct image_config, architecture, "architecture", SCHEMA_STRING),
	FIELD(struct image_config, variant, "variant", SCHEMA_STRING),
	FIELD(struct image_config, os, "os", SCHEMA_STRING),
	FIELD(struct image_config, os_version, "os.version", SCHEMA_STRING),
	FIELD(struct image_config, config, "config", SCHEMA_STRUCT, .sub = &image_execution_schema),
	FIELD(struct image_config, rootfs, "rootfs", SCHEMA_STRUCT, .sub = &rootfs_schema,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct image_config, history, "history", SCHEMA_LIST, .sub = &history_schema),
	FIELD(struct image_config, source, NULL, SCHEMA_SOURCE),
};

const struct schema image_config_schema = SCHEMA(struct image_config, image_config_fields);

static int check_rootfs(const struct image_rootfs *rootfs, struct err *err)
{
	const struct strings *ids = &rootfs->diff_ids;
	struct digest digest;

	if (rootfs->type && strcmp(rootfs->type, "layers") != 0)
		return err_set(
			err, E_UNSUPPORTED, "rootfs.type: '%.80s' is not 'layers'", rootfs->type);
	if (ids->count > IMAGE_LAYERS_MAX)
		return err_set(err, E_LIMIT, "rootfs.diff_ids: %zu layers: the limit is %d",
			ids->count, IMAGE_LAYERS_MAX);
	for (size_t i = 0; i < ids->count; i++)
		if (digest_parse(ids->items[i], &digest, err) < 0)
			return err_wrap(err, "rootfs.diff_ids[%zu]", i);
	return 0;
}

int image_config_decode(
	const struct json *o, struct image_config *c, struct arena *a, struct err *err)
{
	struct image_config parsed;

	if (schema_decode(&image_config_schema, o, &parsed, a, err) < 0 ||
		check_rootfs(&parsed.rootfs, err) < 0)
		return err_wrap(err, "image config");
	*c = parsed;
	return 0;
}

int image_config_parse(
	const char *text, size_t len, struct image_config *c, struct arena *a, struct err *err)
{
	const struct json *o = json_parse(a, text, len, JSON_DOCUMENT_MAX, err);

	return o ? image_config_decode(o, c, a, err) : err_wrap(err, "image config");
}
