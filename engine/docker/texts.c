/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/texts.h"

#include <string.h>

#include "engine/docker/units.h"
#include "lib/buf.h"

const char *texts_status(const char *status, int64_t exit_code, const char *started_at,
	const char *finished_at, struct arena *a)
{
	bool paused = strcmp(status, "paused") == 0;
	char time[UNITS_TEXT_MAX];

	if (paused || strcmp(status, "running") == 0) {
		units_since(started_at, time);
		return arena_printf(a, "Up %s%s", time, paused ? " (Paused)" : "");
	}
	if (strcmp(status, "exited") != 0)
		return "Created";
	if (!finished_at)
		return arena_printf(a, "Exited (%lld)", (long long)exit_code);
	units_age(finished_at, time);
	return arena_printf(a, "Exited (%lld) %s", (long long)exit_code, time);
}

const char *texts_quote(const char *text, struct arena *a)
{
	own_buf struct buf out = {0};

	buf_addc(&out, '"');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_addf(&out, "\\%c", *c);
		else if (*c == '\n' || *c == '\t' || *c == '\r')
			buf_addf(&out, "\\%c", *c == '\n' ? 'n' : *c == '\t' ? 't' : 'r');
		else if (*c < 0x20 || *c == 0x7f)
			buf_addf(&out, "\\x%02x", *c);
		else
			buf_addc(&out, (char)*c);
	}
	buf_addc(&out, '"');
	return arena_strdup(a, buf_str(&out));
}

/* Where the nth character (from 0) of UTF-8 text begins; the end when there are fewer. */
static size_t character(const char *text, size_t n)
{
	size_t i = 0;

	while (text[i] && n > 0) {
		i++;
		while (((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
		n--;
	}
	return i;
}

const char *texts_command(const struct docker_container *d, bool whole, struct arena *a)
{
	own_buf struct buf text = {0};

	buf_adds(&text, d->path ? d->path : "");
	for (size_t i = 0; i < d->args.count; i++)
		buf_addf(&text, " %s", d->args.items[i]);
	if (!whole && character(buf_str(&text), 20) < text.len) {
		text.len = character(text.data, 19);
		text.data[text.len] = '\0';
		buf_adds(&text, "…");
	}
	return arena_strdup(a, buf_str(&text));
}

const char *texts_labels(const struct string_map *labels, struct arena *a)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < labels->count; i++)
		buf_addf(&text, "%s%s=%s", i ? "," : "", labels->items[i].key,
			labels->items[i].value);
	return arena_strdup(a, buf_str(&text));
}

const char *texts_mounts(const struct docker_container *d, bool whole, struct arena *a)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < d->mounts.count; i++) {
		const struct docker_mount *m = &d->mounts.items[i];
		const char *name = m->name ? m->name : m->source;

		if (strcmp(m->type, "tmpfs") == 0)
			continue;
		buf_addf(&text, "%s%.*s%s", text.len ? "," : "",
			whole || strlen(name) <= 15 ? (int)strlen(name) : 14, name,
			whole || strlen(name) <= 15 ? "" : "…");
	}
	return arena_strdup(a, buf_str(&text));
}

const char *texts_network(const struct docker_container *d)
{
	const char *mode = d->host_config.network_mode;

	return mode && strcmp(mode, "default") != 0 ? mode : "bridge";
}
