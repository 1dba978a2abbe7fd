/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/netns.h"

static const struct schema_field port_fields[] = {
	FIELD(struct config_port, host_ip, "host_ip", SCHEMA_STRING),
	FIELD(struct config_port, host_port, "host_port", SCHEMA_INT64),
	FIELD(struct config_port, container_port, "container_port", SCHEMA_INT64),
	FIELD(struct config_port, protocol, "protocol", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
};
static const struct schema port_schema = SCHEMA(struct config_port, port_fields);

static const struct schema_field endpoint_fields[] = {
	FIELD(struct endpoint, id, "id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct endpoint, netns, "netns", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct endpoint, network, "network", SCHEMA_STRING),
	FIELD(struct endpoint, bridge, "bridge", SCHEMA_STRING),
	FIELD(struct endpoint, link, "link", SCHEMA_STRING),
	FIELD(struct endpoint, address, "address", SCHEMA_STRING),
	FIELD(struct endpoint, ports, "ports", SCHEMA_LIST, .sub = &port_schema),
};
static const struct schema endpoint_schema = SCHEMA(struct endpoint, endpoint_fields);

int state_open(struct state *s, const char *root, const char *run, struct err *err)
{
	const struct {
		const char *name;
		int *fd;
	} dirs[] = {{"endpoints", &s->endpoints}, {"networks", &s->networks}, {"ports", &s->ports}};

	*s = (struct state)STATE_INIT;
	if (place_find(root, run, &s->place, err) < 0)
		return -err->code;
	s->root = open(s->place.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	s->run = path_make_dirs(s->place.run, 0700, err);
	if (s->run < 0)
		return s->run;
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		if (mkdirat(s->run, dirs[i].name, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make '%s/%s'", s->place.run, dirs[i].name);
		*dirs[i].fd = openat(s->run, dirs[i].name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (*dirs[i].fd < 0)
			return err_errno(err, "cannot open '%s/%s'", s->place.run, dirs[i].name);
	}
	return 0;
}

void state_close(struct state *s)
{
	int *fds[] = {&s->root, &s->run, &s->endpoints, &s->networks, &s->ports};

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	place_release(&s->place);
}

static const char *record_name(struct arena *a, const char *id)
{
	return arena_printf(a, "%s.json", id);
}

int endpoint_load(
	const struct state *s, struct arena *a, const char *id, struct endpoint *e, struct err *err)
{
	const char *name = record_name(a, id);
	struct json *doc;

	if (faccessat(s->endpoints, name, F_OK, 0) < 0 && errno == ENOENT)
		return err_set(err, E_NOT_FOUND, "container '%s' has no network endpoint", id);
	doc = json_read_file(a, s->endpoints, name, err);
	if (!doc || schema_decode(&endpoint_schema, doc, e, a, err) < 0)
		return err_wrap(err, "endpoint of '%s'", id);
	for (size_t i = 0; i < e->ports.count; i++) {
		struct config_port *p = &e->ports.items[i];

		p->ipproto = config_protocol(p->protocol);
		if (!p->host_ip)
			p->host_ip = "";
		if (*p->host_ip)
			ip_parse(p->host_ip, &p->address);
	}
	return 0;
}

int state_publish(
	int dirfd, const char *temp, const char *name, const struct buf *text, struct err *err)
{
	own_fd int fd = openat(dirfd, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot write '%s'", name);
	r = io_write_full(fd, buf_str(text), text->len);
	if (r < 0)
		return err_set(err, -r, "cannot write '%s': %s", name, strerror(-r));
	if (renameat(dirfd, temp, dirfd, name) < 0)
		return err_errno(err, "cannot write '%s'", name);
	return 0;
}

static const char *temp_name(struct arena *a, const char *id)
{
	return arena_printf(a, ".tmp-%s", id);
}

int endpoint_save(const struct state *s, const struct endpoint *e, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};

	json_write(schema_encode(&endpoint_schema, e, &a), JSON_COMPACT, &text);
	return state_publish(
		s->endpoints, temp_name(&a, e->id), record_name(&a, e->id), &text, err);
}

int endpoint_forget(const struct state *s, const char *id, struct err *err)
{
	own_arena struct arena a = {0};

	unlinkat(s->endpoints, temp_name(&a, id), 0);
	if (unlinkat(s->endpoints, record_name(&a, id), 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove the endpoint of '%s'", id);
	return 0;
}

bool endpoint_alive(const struct state *s, const char *id)
{
	own_arena struct arena a = {0};
	struct endpoint e;
	struct err ignored;

	return config_name_ok(id) && endpoint_load(s, &a, id, &e, &ignored) == 0 &&
		netns_is_mounted(e.netns);
}

const char *state_owner(struct arena *a, int dirfd, const char *name)
{
	struct err ignored;
	own_buf struct buf text = {0};

	if (io_read_file(dirfd, name, 256, &text, &ignored) < 0)
		return "";
	return arena_strndup(a, buf_str(&text), strcspn(buf_str(&text), "\n"));
}
