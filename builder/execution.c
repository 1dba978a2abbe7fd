/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/execution.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/build.h"
#include "builder/stubs.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/user_files.h"

#define HOSTNAME        "buildkitsandbox"
#define RESOLV_CONF_MAX (64 * 1024)

/* hosts and resolv.conf of a command without a network of its own, in the snapshot's directory. */
static int write_network_files(struct root *root, bool host, struct err *err)
{
	static const char hosts[] = "127.0.0.1\tlocalhost " HOSTNAME "\n"
				    "::1\tlocalhost ip6-localhost ip6-loopback\n";
	own_buf struct buf resolv = {0};

	if (host && io_read_file(AT_FDCWD, "/etc/resolv.conf", RESOLV_CONF_MAX, &resolv, err) < 0 &&
		err->code != ENOENT)
		return -err->code;
	if (io_publish_file(root->dir, "hosts", hosts, strlen(hosts), 0644, 0, err) < 0)
		return -err->code;
	return io_publish_file(
		root->dir, "resolv.conf", buf_str(&resolv), resolv.len, 0644, 0, err);
}

static int make_config(const struct build *b, struct root *root, const struct execution *x,
	struct runtime_config *config, struct arena *a, struct err *err)
{
	const char *files = x->network == EXECUTION_DEFAULT ? b->network.files : root->path;
	struct config_options o = {
		.entrypoint = x->args,
		.env = x->env,
		.cwd = x->cwd ? x->cwd : "/",
		.hostname = HOSTNAME,
		.network_namespace = x->network == EXECUTION_DEFAULT ? b->network.netns
			: x->network == EXECUTION_HOST               ? "host"
								     : NULL,
		.rootfs = arena_printf(a, "%s/rootfs", root->path),
		.hosts_file = arena_printf(a, "%s/hosts", files),
		.resolv_conf = arena_printf(a, "%s/resolv.conf", files),
	};
	const struct image_config image = {.architecture = x->architecture};
	struct user user;

	if (user_lookup_in(root->mount, x->user, &user, a, err) < 0)
		return -err->code;
	o.user.uid = user.uid;
	o.user.gid = user.gid;
	o.user.additional_gids = user.additional_gids;
	o.home = user.home;
	o.mounts.items = x->mounts.items;
	o.mounts.count = x->mounts.count;
	config_host(&o);
	return config_make(&image, &o, config, a, err);
}

static int write_bundle(struct root *root, const struct runtime_config *config, struct err *err)
{
	own_buf struct buf text = {0};
	own_fd int bundle = -1;

	if (mkdirat(root->dir, "bundle", 0700) < 0)
		return err_errno(err, "cannot make '%s/bundle'", root->path);
	bundle = openat(root->dir, "bundle", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (bundle < 0)
		return err_errno(err, "cannot open '%s/bundle'", root->path);
	runtime_config_encode(config, JSON_COMPACT, &text);
	return io_publish_file(bundle, "config.json", buf_str(&text), text.len, 0600, 0, err);
}

/* The destinations of all mounts, asked for or not: what is made for them is not the command's. */
static void note_stubs(struct stubs *stubs, const struct runtime_config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++)
		stubs_note(stubs, config->mounts.items[i].destination);
}

static int copy_output(struct build *b, int fd, struct err *err)
{
	char block[16384];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot read the output of the step");
		report_output(&b->report, block, (size_t)n);
	}
	return 0;
}

static int run_runtime(struct build *b, struct root *root, int *status, struct err *err)
{
	own_mem char *state = xasprintf("%s/runtime", b->work.path);
	own_mem char *bundle = xasprintf("%s/bundle", root->path);
	char id[40];
	const char *const argv[] = {
		"kist-runtime", "--root", state, "run", "--bundle", bundle, id, NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_DIE_WITH_PARENT};
	struct child child;
	own_fd int out = -1, in = -1;
	struct err ignored;
	int fds[2], r;

	io_random_hex(id, 8);
	memmove(id + strlen("build-"), id, strlen(id) + 1);
	memcpy(id, "build-", strlen("build-"));
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	out = fds[0];
	in = fds[1];
	spawn_pass(&sp, -1, 0);
	spawn_pass(&sp, in, 1);
	spawn_pass(&sp, in, 2);
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	own_fd_release(&in);
	in = -1;
	r = copy_output(b, out, err);
	if (child_wait(&child, status, r < 0 ? &ignored : err) < 0)
		return r < 0 ? r : -err->code;
	return r;
}

int execution_run(
	struct build *b, struct root *root, const struct execution *x, int *status, struct err *err)
{
	own(stubs_release) struct stubs stubs = {.root = root->mount};
	own_arena struct arena a = {0}; /* of this one command: a build may run hundreds */
	struct runtime_config config;
	int r;

	if (x->network == EXECUTION_DEFAULT
			? run_network_open(&b->network, &b->place, b->work.path, HOSTNAME, err) < 0
			: write_network_files(root, x->network == EXECUTION_HOST, err) < 0)
		return -err->code;
	if (make_config(b, root, x, &config, &a, err) < 0 || write_bundle(root, &config, err) < 0)
		return -err->code;
	note_stubs(&stubs, &config);
	if (root_attach(root, err) < 0)
		return -err->code;
	r = run_runtime(b, root, status, err);
	stubs_remove(&stubs);
	return r;
}
