/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/docker/filter.h"
#include "engine/docker/publish.h"
#include "engine/docker/texts.h"
#include "engine/verb/ports.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "store/disk_usage.h"

static const char *const filter_keys[] = {"ancestor", "before", "exited", "expose", "id", "label",
	"name", "network", "publish", "since", "status", "volume", NULL};

static bool match_exited(const void *row, const char *value)
{
	const struct container_summary *r = row;

	return r->state.status == STATUS_EXITED && strtoll(value, NULL, 10) == r->state.exit_code;
}

static bool match_volume(const void *row, const char *value)
{
	const struct container_summary *r = row;

	for (size_t i = 0; i < r->docker.mounts.count; i++) {
		const struct docker_mount *m = &r->docker.mounts.items[i];

		if ((m->name && strcmp(m->name, value) == 0) || strcmp(m->destination, value) == 0)
			return true;
	}
	return false;
}

static bool match_network(const void *row, const char *value)
{
	const struct container_summary *r = row;

	return strcmp(texts_network(&r->docker), value) == 0;
}

static bool match_ancestor(const void *row, const char *value)
{
	const struct container_record *r = ((const struct container_summary *)row)->record;
	const char *image = r->image ? r->image : "", *id = r->image_id ? r->image_id : "";
	size_t n = strlen(value);

	if (strcmp(image, value) == 0 || (strncmp(image, value, n) == 0 && image[n] == ':'))
		return true;
	return n >= 4 &&
		(strncmp(id, value, n) == 0 ||
			(strncmp(id, "sha256:", 7) == 0 && strncmp(id + 7, value, n) == 0));
}

static bool match_port(const void *row, const char *value)
{
	const struct docker_config *c = &((const struct container_summary *)row)->docker.config;
	own_arena struct arena a = {0};
	struct port_list ports;

	return publish_read_exposed(&c->exposed_ports, &ports, &a, &(struct err){0}) == 0 &&
		publish_matches(&ports, value, &a);
}

/* publish: exposed and bound */
static bool match_publish(const void *row, const char *value)
{
	const struct docker_host_config *h =
		&((const struct container_summary *)row)->docker.host_config;
	own_arena struct arena a = {0};
	struct port_list ports;

	return publish_read_bindings(h->port_bindings, &ports, &a, &(struct err){0}) == 0 &&
		publish_matches(&ports, value, &a);
}

static bool wanted(const struct filters *f, const struct container_summary *row)
{
	return filters_match(f, "id", filter_prefix, row->record->id) &&
		filters_match(f, "name", filter_name, row->record->name) &&
		filters_match(f, "label", filter_label, &row->docker.config.labels) &&
		filters_match(
			f, "status", filter_equal, container_status_name(row->state.status)) &&
		filters_match(f, "exited", match_exited, row) &&
		filters_match(f, "volume", match_volume, row) &&
		filters_match(f, "network", match_network, row) &&
		filters_match(f, "ancestor", match_ancestor, row) &&
		filters_match(f, "expose", match_port, row) &&
		filters_match(f, "publish", match_publish, row);
}

/* The creation time that before and since compare with. */
static int bound(struct engine *e, const char *name, const char **created, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	int r;

	*created = NULL;
	if (!name)
		return 0;
	r = stored_container_find(e->store, name, 0, &c, err);
	if (r < 0)
		return sentence_for(ABOUT_CONTAINER, name, err);
	*created = arena_strdup(&e->arena, c.record.created);
	return 0;
}

/* What is asked for, prepared. */
struct wish {
	const struct ps_request *rq;
	struct filters filters;
	const char *before, *since;
	bool all;
};

/*
 * Is it to be listed? Reads its state. What is damaged of one is said, and hides no other. Returns
 * 1 or 0.
 */
static int consider(
	struct engine *e, const struct wish *w, struct container_summary *row, struct sink *sink)
{
	struct err err;

	if (container_state_read(e, row->record, &row->state, &err) < 0 ||
		container_docker(row->record, &row->docker, &e->arena, &err) < 0) {
		if (err.code != E_NOT_FOUND) /* it went while we looked */
			sink_notice(sink, "kist: %s", err.msg);
		return 0;
	}
	if (row->state.unreadable)
		sink_notice(sink, "kist: %s", row->state.error);
	row->running = row->state.status == STATUS_RUNNING || row->state.status == STATUS_PAUSED;
	if (!w->all && !row->running)
		return 0;
	if ((w->before && strcmp(row->record->created, w->before) >= 0) ||
		(w->since && strcmp(row->record->created, w->since) <= 0))
		return 0;
	return wanted(&w->filters, row);
}

int verb_ps(struct engine *e, const struct ps_request *rq, struct sink *sink, struct err *err)
{
	struct container_records records;
	struct wish w = {.rq = rq};
	int64_t left = rq->last > 0 ? rq->last : INT64_MAX;

	if (filters_parse(&rq->filter, filter_keys, &w.filters, err) < 0 ||
		bound(e, filters_value(&w.filters, "before"), &w.before, err) < 0 ||
		bound(e, filters_value(&w.filters, "since"), &w.since, err) < 0 ||
		stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	w.all = rq->all || rq->last > 0 || filters_have(&w.filters, "status") ||
		filters_have(&w.filters, "exited");
	for (size_t i = 0; i < records.damaged.count; i++)
		sink_notice(sink, "kist: %s", records.damaged.items[i]);
	/* newest first */
	for (size_t i = records.count; i-- > 0 && left > 0;) {
		struct container_summary row = {.record = &records.items[i]};
		const struct result result = {.kind = RESULT_CONTAINER, .container = &row};

		if (!consider(e, &w, &row, sink))
			continue;
		if (row.running)
			ports_of(e, row.record->id, &row.docker, &row.ports);
		if (rq->size &&
			disk_usage_container(e->store, row.record, &row.upper, &row.layers, err) <
				0)
			return -err->code;
		if (sink_result(sink, &result, err) < 0)
			return -err->code;
		left--;
	}
	return 0;
}
