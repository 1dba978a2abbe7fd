/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-layer, one file each. */
#ifndef KIST_STORE_LAYER_COMMANDS_H
#define KIST_STORE_LAYER_COMMANDS_H

#include "lib/cli.h"
#include "store/layer.h"

extern const struct cli_command layer_unpack_command; /* kist-layer-unpack.c */

/* Write one line {"diff_id","size","entries"} to fd. Returns 0. */
int layer_report_result(int fd, const struct layer_result *result, struct err *err);

#endif
