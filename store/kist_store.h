/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store's subcommands: each cmd_NAME.c has one; their option tables are in kist_store.c. */
#ifndef KIST_STORE_KIST_STORE_H
#define KIST_STORE_KIST_STORE_H

#include <stdbool.h>

#include "lib/cli.h"
#include "store/store.h"

struct global_options {
	const char *root, *run;
};

struct put_options {
	const char *expect;
};

struct load_options {
	const char *input;
};

struct save_options {
	const char *output, *format;
};

struct create_options {
	const char *name, *engine;
};

struct mount_options {
	bool read_only;
};

struct untag_options {
	bool keep;
};

struct gc_options {
	bool parts;
};

struct fsck_options {
	bool repair;
};

/* Each returns the exit status, or a negative code with *err set. */
int cmd_put(const struct cli_call *call, struct err *err);
int cmd_get(const struct cli_call *call, struct err *err);
int cmd_ls(const struct cli_call *call, struct err *err);
int cmd_inspect(const struct cli_call *call, struct err *err);
int cmd_load(const struct cli_call *call, struct err *err);
int cmd_save(const struct cli_call *call, struct err *err);
int cmd_create(const struct cli_call *call, struct err *err);
int cmd_mount(const struct cli_call *call, struct err *err);
int cmd_rm(const struct cli_call *call, struct err *err);
int cmd_tag(const struct cli_call *call, struct err *err);
int cmd_untag(const struct cli_call *call, struct err *err);
int cmd_gc(const struct cli_call *call, struct err *err);
int cmd_fsck(const struct cli_call *call, struct err *err);

/* The store that --root and --run choose; the caller closes it. */
int open_store(const struct cli_call *call, struct store **store, struct err *err);

#endif
