/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside store/tool/: each cmd_NAME.c has one verb of kist-store with its options and its row; the
 * table of rows is in store/tool.c. What a verb has to work with comes with its call (call.c).
 */
#ifndef KIST_STORE_TOOL_CMD_H
#define KIST_STORE_TOOL_CMD_H

#include "lib/cli.h"
#include "lib/json.h"
#include "store/tool.h"

struct volume;

/* What a call of the table carries with it. */
struct tool_context {
	struct store_session *session;
	const struct tool_io *io;
	bool program; /* we are kist-store, and no part of another program */
};

struct global_options {
	const char *root, *run;
};

extern const struct cli_command tool_containers, tool_create, tool_finish, tool_forget_run,
	tool_fsck, tool_gc, tool_get, tool_inspect, tool_load, tool_ls, tool_mount, tool_put,
	tool_record, tool_rename, tool_rm, tool_save, tool_settle, tool_tag, tool_untag,
	tool_volume_create, tool_volume_inspect, tool_volume_ls, tool_volume_populate,
	tool_volume_rm, tool_wait;

/*
 * kist-store without root gets the rights that it needs over the owners in its layers
 * (lib/userns.h). tool_session() does it. Returns 0.
 */
int tool_enter(const struct cli_call *call, struct err *err);

/* The session of the call, with its store open. NULL with *err. */
struct store_session *tool_session(const struct cli_call *call, struct err *err);

/* The same without opening the store. */
struct store_session *tool_closed_session(const struct cli_call *call);

const struct tool_io *tool_io(const struct cli_call *call);

/* The text of a file, or of io->in for "-"; at most max bytes. Returns 0. */
int tool_read(const struct cli_call *call, const char *path, size_t max, struct buf *text,
	struct err *err);

/*
 * The JSON object in a file, or on io->in for "-"; what names it in errors. Returns 0.
 */
int tool_read_object(const struct cli_call *call, const char *path, const char *what,
	const struct json **object, struct arena *a, struct err *err);

/* What volume ls and inspect print of a volume: append its line. */
void tool_volume_line(const struct volume *v, struct buf *out);

/* Write to io->out: bytes; a line; a value as a line. Return 0. */
int tool_write(const struct cli_call *call, const void *data, size_t len, struct err *err);
int tool_write_line(const struct cli_call *call, const char *text, struct err *err);
int tool_write_json(const struct cli_call *call, const struct json *value, struct err *err);

/* A sentence for people, on io->notice if there is one. */
void tool_notice(const struct cli_call *call, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Each as "kist-store: warning: ..." there. */
void tool_notice_all(const struct cli_call *call, const struct strings *sentences);

#endif
