/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/mount.h>

#include "engine/verb/removal.h"
#include "engine/verb/state.h"
#include "engine/verb/verb.h"

int verb_exited(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err)
{
	struct stored_container *c = &e->session.container;
	struct docker_container docker;

	if (store_session_container(&e->session, rq->container, STORED_CONTAINER_LOCK, err) < 0 ||
		container_docker(&c->record, &docker, &e->arena, err) < 0)
		return -err->code;
	/* we are in the monitor's mount namespace, where its root file system is still mounted */
	if (umount2(arena_printf(&e->arena, "%s/bundle/rootfs", c->path), MNT_DETACH) < 0 &&
		errno != EINVAL)
		return err_errno(err, "cannot unmount the container's root file system");
	container_plan_ended(e, c, &docker, true);
	return engine_do(e, sink, err);
}
