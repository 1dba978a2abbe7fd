/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/runtime_config.h"

#include <stdlib.h>
#include <string.h>

#include "spec/check.h"

static const struct schema_field root_fields[] = {
	FIELD(struct root_config, path, "path", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct root_config, readonly, "readonly", SCHEMA_BOOL),
};

static const struct schema root_schema = SCHEMA(struct root_config, root_fields);

static const struct schema_field mount_fields[] = {
	FIELD(struct mount_config, destination, "destination", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct mount_config, type, "type", SCHEMA_STRING),
	FIELD(struct mount_config, source, "source", SCHEMA_STRING),
	FIELD(struct mount_config, options, "options", SCHEMA_STRINGS),
	FIELD(struct mount_config, uid_mappings, "uidMappings", SCHEMA_LIST,
		.sub = &id_mapping_schema),
	FIELD(struct mount_config, gid_mappings, "gidMappings", SCHEMA_LIST,
		.sub = &id_mapping_schema),
};

static const struct schema mount_schema = SCHEMA(struct mount_config, mount_fields);

static const struct schema_field hook_fields[] = {
	FIELD(struct hook, path, "path", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct hook, args, "args", SCHEMA_STRINGS),
	FIELD(struct hook, env, "env", SCHEMA_STRINGS),
	FIELD(struct hook, timeout, "timeout", SCHEMA_OPT_INT64),
};

static const struct schema hook_schema = SCHEMA(struct hook, hook_fields);

static const struct schema_field hooks_fields[] = {
	FIELD(struct hooks, prestart, "prestart", SCHEMA_LIST, .sub = &hook_schema),
	FIELD(struct hooks, create_runtime, "createRuntime", SCHEMA_LIST, .sub = &hook_schema),
	FIELD(struct hooks, create_container, "createContainer", SCHEMA_LIST, .sub = &hook_schema),
	FIELD(struct hooks, start_container, "startContainer", SCHEMA_LIST, .sub = &hook_schema),
	FIELD(struct hooks, poststart, "poststart", SCHEMA_LIST, .sub = &hook_schema),
	FIELD(struct hooks, poststop, "poststop", SCHEMA_LIST, .sub = &hook_schema),
};

static const struct schema hooks_schema = SCHEMA(struct hooks, hooks_fields);

static const struct schema_field config_fields[] = {
	FIELD(struct runtime_config, oci_version, "ociVersion", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct runtime_config, process, "process", SCHEMA_OPT_STRUCT,
		.sub = &process_config_schema),
	FIELD(struct runtime_config, root, "root", SCHEMA_STRUCT, .sub = &root_schema,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct runtime_config, hostname, "hostname", SCHEMA_STRING),
	FIELD(struct runtime_config, domainname, "domainname", SCHEMA_STRING),
	FIELD(struct runtime_config, mounts, "mounts", SCHEMA_LIST, .sub = &mount_schema),
	FIELD(struct runtime_config, hooks, "hooks", SCHEMA_STRUCT, .sub = &hooks_schema),
	FIELD(struct runtime_config, annotations, "annotations", SCHEMA_STRING_MAP),
	FIELD(struct runtime_config, linux_, "linux", SCHEMA_OPT_STRUCT,
		.sub = &linux_config_schema),
	FIELD(struct runtime_config, solaris, "solaris", SCHEMA_JSON),
	FIELD(struct runtime_config, windows, "windows", SCHEMA_JSON),
	FIELD(struct runtime_config, vm, "vm", SCHEMA_JSON),
	FIELD(struct runtime_config, zos, "zos", SCHEMA_JSON),
	FIELD(struct runtime_config, freebsd, "freebsd", SCHEMA_JSON),
};

static const struct schema runtime_config_schema = SCHEMA(struct runtime_config, config_fields);

static int check_mount(const struct mount_config *m, struct err *err)
{
	if (check_absolute(m->destination, err) < 0)
		return schema_error_at(err, "destination");
	if (!m->uid_mappings.count != !m->gid_mappings.count)
		return err_set(err, E_SYNTAX, "uidMappings and gidMappings go together");
	return 0;
}

static int check_hook_list(const struct hook_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct hook *h = &list->items[i];

		if (check_absolute(h->path, err) < 0)
			return schema_error_at(err, "[%zu].path", i);
		if (h->timeout && *h->timeout <= 0)
			return err_set(err, E_SYNTAX, "[%zu].timeout: must be above 0", i);
	}
	return 0;
}

/* All the lists have one shape: the schema's rows name them. */
static int check_hooks(const struct hooks *hooks, struct err *err)
{
	for (size_t i = 0; i < hooks_schema.nfields; i++) {
		const char *list = (const char *)hooks + hooks_fields[i].offset;

		if (check_hook_list((const struct hook_list *)list, err) < 0)
			return schema_error_at(err, "%s", hooks_fields[i].name);
	}
	return 0;
}

int runtime_config_check(const struct runtime_config *c, struct err *err)
{
	if (strncmp(c->oci_version, "1.", 2) != 0)
		return err_set(err, E_UNSUPPORTED, "ociVersion: '%.40s' is not supported, 1.x is",
			c->oci_version);
	if (!*c->root.path)
		return err_set(err, E_SYNTAX, "root.path: must not be empty");
	if (c->process && process_config_check(c->process, err) < 0)
		return schema_error_at(err, "process");
	for (size_t i = 0; i < c->mounts.count; i++)
		if (check_mount(&c->mounts.items[i], err) < 0)
			return schema_error_at(err, "mounts[%zu]", i);
	if (check_hooks(&c->hooks, err) < 0)
		return schema_error_at(err, "hooks");
	if (c->linux_ && linux_config_check(c->linux_, err) < 0)
		return schema_error_at(err, "linux");
	return 0;
}

bool runtime_config_is_newer(const struct runtime_config *c)
{
	/* "1.N...": the major version has been checked */
	return strtoul(c->oci_version + 2, NULL, 10) > strtoul(RUNTIME_SPEC_VERSION + 2, NULL, 10);
}

int runtime_config_parse(
	const char *text, size_t len, struct runtime_config *c, struct arena *a, struct err *err)
{
	struct runtime_config parsed;

	if (schema_decode_text(
		    &runtime_config_schema, text, len, JSON_DOCUMENT_MAX, &parsed, a, err) < 0 ||
		runtime_config_check(&parsed, err) < 0)
		return err_wrap(err, "config.json");
	*c = parsed;
	return 0;
}

void runtime_config_encode(const struct runtime_config *c, enum json_style style, struct buf *out)
{
	own_arena struct arena a = {0};

	json_write(schema_encode(&runtime_config_schema, c, &a), style, out);
}
