/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/run_network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "lib/spawn.h"
#include "spec/network_wish.h"

#define RESULT_MAX (64 * 1024) /* of what kist-netsetup answers */

static char *netns_path(const char *workspace)
{
	return xasprintf("%s/network/netns", workspace);
}

/* The same for a workspace at any time: whoever finds one knows what was made for it. */
static int wish_fd(const char *workspace, const char *hostname, const char *files, struct err *err)
{
	char id[SHA256_HEX_LEN + 1];
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct network_endpoint endpoint = {.network = NETWORK_DEFAULT};
	const struct network_wish wish = {.container_id = id,
		.hostname = hostname,
		.endpoints = {&endpoint, hostname ? 1 : 0},
		.files = files,
		.held = workspace};

	sha256_hex(workspace, strlen(workspace), id);
	json_write(schema_encode(&network_wish_schema, &wish, &a), JSON_COMPACT, &text);
	return io_memory_file("wish", text.data, text.len, err);
}

static int setup_failed(int messages, struct err *err)
{
	own_buf struct buf text = {0};
	const char *said = spawn_said(messages, &text);

	return err_set(err, E_CHILD,
		"no network for RUN: %s (with --network=host it is on the host's, with none it has no other "
		"than its own loopback)",
		said ? said : "kist-netsetup failed");
}

int run_network_open(struct run_network *n, const struct place *place, const char *workspace,
	const char *hostname, struct err *err)
{
	own_mem char *netns = netns_path(workspace), *files = xasprintf("%s/network", workspace);
	const char *const argv[] = {
		"kist-netsetup", "--root", place->root, "--run", place->run, "setup", netns, NULL};
	own_fd int messages = memfd_create("messages", MFD_CLOEXEC), wish = -1;
	own_buf struct buf result = {0};
	struct spawn sp = {.argv = argv};

	if (n->netns)
		return 0;
	if (messages < 0)
		return err_errno(err, "cannot make a memory file");
	if (mkdir(files, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make '%s'", files);
	wish = wish_fd(workspace, hostname, files, err);
	if (wish < 0)
		return wish;
	spawn_pass(&sp, wish, 0);
	spawn_pass(&sp, messages, 2);
	if (spawn_capture(&sp, RESULT_MAX, &result, err) < 0)
		return err->code == E_CHILD ? setup_failed(messages, err) : -err->code;
	n->netns = give(netns);
	n->files = give(files);
	return 0;
}

static void teardown(const struct place *place, const char *workspace)
{
	own_mem char *netns = netns_path(workspace);
	const char *const argv[] = {"kist-netsetup", "--root", place->root, "--run", place->run,
		"teardown", netns, NULL};
	struct spawn sp = {.argv = argv};
	struct err ignored; /* what stays is swept away by a later setup: nobody holds it */
	own_fd int wish = wish_fd(workspace, NULL, NULL, &ignored);

	if (wish < 0)
		return;
	spawn_pass(&sp, wish, 0);
	spawn_pass(&sp, -1, 2);
	spawn_run(&sp, &ignored);
}

void run_network_close(struct run_network *n, const struct place *place, const char *workspace)
{
	if (n->netns)
		teardown(place, workspace);
	free(n->netns);
	free(n->files);
	*n = (struct run_network){0};
}

void run_network_collect(const struct place *place, const char *workspace)
{
	own_mem char *files = xasprintf("%s/network", workspace);

	if (access(files, F_OK) == 0)
		teardown(place, workspace);
}
