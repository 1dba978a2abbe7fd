/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/state.h"

#include <signal.h>
#include <string.h>

#include "engine/docker/texts.h"
#include "engine/verb/summary.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"
#include "spec/exit_record.h"
#include "spec/runtime_lines.h"

#define NO_TIME "0001-01-01T00:00:00Z" /* Go's zero time, as docker shows it */

const char *container_status_name(enum container_status status)
{
	static const char *const names[] = {"created", "running", "paused", "exited"};

	return names[status];
}

const char *container_status_text(const struct container_state *s, struct arena *a)
{
	return texts_status(container_status_name(s->status), s->exit_code, s->started_at,
		s->unsettled ? NULL : s->finished_at, a);
}

/* exit.json, if it is there. Returns 1, 0 when it is not, or an error. */
static int read_exit(
	struct engine *e, const char *id, struct container_state *state, struct err *err)
{
	struct exit_record record;
	int r = stored_container_exit(e->store, id, &record, &e->arena, err);

	if (r == 0 || (r < 0 && err->code != E_SYNTAX && err->code != E_UNSUPPORTED))
		return r;
	if (r < 0) /* it has ended, however; a start or rm replaces what cannot be read */
		record = (struct exit_record){.exit_code = 255,
			.started_at = "",
			.finished_at = "",
			.error = arena_strdup(&e->arena, err->msg)};
	state->unreadable = r < 0;
	state->exit_code = record.exit_code;
	state->oom_killed = record.oom_killed;
	state->error = record.error;
	state->started_at = *record.started_at ? record.started_at : NO_TIME;
	state->finished_at = *record.finished_at ? record.finished_at : NO_TIME;
	/* what could not be started is still "created" to docker */
	state->status = *state->error && !state->oom_killed && state->exit_code >= 125 &&
			state->exit_code <= 127
		? STATUS_CREATED
		: STATUS_EXITED;
	return 1;
}

/* Is a monitor there? Returns as stored_container_monitor(). */
static int find_monitor(struct engine *e, const char *id, struct container_state *state)
{
	const char *since = NO_TIME;
	int held = stored_container_monitor(e->store, id, &state->monitor, &since, &e->arena);

	if (held > 0 && stored_container_started(e->store, id, &state->started_at, &e->arena) == 0)
		state->started_at = since;
	return held;
}

/* What the record will say when it is settled, and that it is not. */
static void read_killed(struct engine *e, const char *id, struct container_state *state)
{
	stored_container_started(e->store, id, &state->started_at, &e->arena);
	state->status = STATUS_EXITED;
	state->exit_code = 128 + SIGKILL;
	state->error = "its monitor was killed";
	state->unsettled = true;
}

int container_state_read(struct engine *e, const struct container_record *record,
	struct container_state *state, struct err *err)
{
	int r, held;

	*state = (struct container_state){
		.error = "", .started_at = NO_TIME, .finished_at = NO_TIME};
	r = read_exit(e, record->id, state, err);
	if (r != 0)
		return r < 0 ? r : 0;
	held = find_monitor(e, record->id, state);
	if (held > 0) {
		state->status = stored_container_paused(e->store, record->id) ? STATUS_PAUSED
									      : STATUS_RUNNING;
		return 0;
	}
	if (held < 0 && !stored_container_has_log(e->store, record->id))
		return 0;
	/* an exit record that was written since we looked is the truth */
	r = read_exit(e, record->id, state, err);
	if (r == 0)
		read_killed(e, record->id, state);
	return r < 0 ? r : 0;
}

int container_docker(const struct container_record *record, struct docker_container *docker,
	struct arena *a, struct err *err)
{
	own_arena struct arena none = {0};
	const struct json *words = record->engine ? record->engine : json_new_object(&none);
	int r = schema_decode(&docker_container_schema, words, docker, a, err);

	/* a container that kist-store made has no words of ours */
	if (r == 0 && !docker->host_config.runtime)
		docker->host_config.runtime = "kist-runtime";
	return r < 0 ? err_wrap(err, "record of container %.12s", record->id) : 0;
}

int container_config(struct engine *e, const struct stored_container *c,
	struct runtime_config *config, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_file(c->dir, "bundle/config.json", JSON_DOCUMENT_MAX, &text, err) < 0)
		return -err->code;
	if (runtime_config_parse(buf_str(&text), text.len, config, &e->arena, err) < 0)
		return err_wrap(err, "configuration of container %s", c->id);
	return 0;
}

int container_pid(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, struct err *err)
{
	const char *argv[] = {docker->host_config.runtime, "--root", engine_run_path(e, "runtime"),
		"state", c->id, NULL};
	struct spawn sp = {.argv = argv};
	own_buf struct buf text = {0};
	struct runtime_state state;

	/* what it says on stderr is that there is no such container: it has just ended */
	spawn_pass(&sp, -1, 2);
	if (spawn_capture(&sp, JSON_DOCUMENT_MAX, &text, err) < 0)
		return err->code == E_CHILD
			? err_set(err, E_NOT_RUNNING, "container %s is not running", c->id)
			: -err->code;
	if (schema_decode_text(&runtime_state_schema, buf_str(&text), text.len, JSON_DOCUMENT_MAX,
		    &state, &e->arena, err) < 0)
		return err_wrap(err, "state of container %s", c->id);
	if (!state.pid || *state.pid <= 0 || *state.pid > INT32_MAX)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", c->id);
	return (int)*state.pid;
}
