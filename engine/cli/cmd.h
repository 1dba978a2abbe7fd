/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of kist, a file each; main.c has their table. */
#ifndef KIST_ENGINE_CMD_H
#define KIST_ENGINE_CMD_H

#include "lib/cli.h"

/* Rows of the table; where a verb has two names ("ps", "container ls") the row is used twice. */
extern const struct cli_command cmd_attach, cmd_build, cmd_create, cmd_exec, cmd_images, cmd_info,
	cmd_inspect, cmd_kill, cmd_load, cmd_login, cmd_logout, cmd_logs, cmd_network_create,
	cmd_network_inspect, cmd_network_ls, cmd_network_rm, cmd_pause, cmd_port, cmd_ps, cmd_pull,
	cmd_push, cmd_rename, cmd_restart, cmd_rm, cmd_rmi, cmd_run, cmd_save, cmd_start, cmd_stop,
	cmd_system_df, cmd_tag, cmd_top, cmd_unpause, cmd_version, cmd_volume_create,
	cmd_volume_inspect, cmd_volume_ls, cmd_volume_prune, cmd_volume_rm, cmd_wait,
	cmd_container_prune, cmd_image_inspect, cmd_image_prune, cmd_container_inspect;

/* What only kist itself, and its scripts, call. */
extern const struct cli_command cmd_container_exited, cmd_exec_failed, cmd_hello_image, cmd_tell;

#endif
