/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-layer, one file each, and what they have in common. */
#ifndef KIST_STORE_LAYER_COMMANDS_H
#define KIST_STORE_LAYER_COMMANDS_H

#include "lib/cli.h"
#include "store/layer/layer.h"

extern const struct cli_command layer_unpack_command; /* kist-layer-unpack.c */

extern const struct cli_command layer_pack_command; /* kist-layer-pack.c */
extern const struct cli_command layer_diff_command; /* kist-layer-diff.c */

/* A tar_output that writes to stdout. */
int layer_output_stdout(void *arg, const void *data, size_t len, struct err *err);

/* Write one line {"diff_id","size","entries"} to fd. Returns 0. */
int layer_report_result(int fd, const struct layer_result *result, struct err *err);

#endif
