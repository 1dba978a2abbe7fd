/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to a verb: the table of the Engine API's paths, its versions, and its
 * errors.
 */
#ifndef KIST_ENGINE_API_ROUTER_H
#define KIST_ENGINE_API_ROUTER_H

#include "engine/api/call.h"

/* Engine API versions: the newest that is spoken in full for what is served, and the oldest. */
#define API_VERSION       "1.47"
#define API_MINOR         47
#define API_MINOR_LEAST   24
#define API_VERSION_LEAST "1.24"

/*
 * Answers by one of answer_*() and returns 0; or returns an error before it has answered, which is
 * told to the client with the status that fits it.
 */
typedef int api_handler(struct call *call, struct err *err);

struct route {
	const char *method, *path; /* one "{name}", which takes slashes too */
	api_handler *handler;
	bool abandonable; /* see request_abandonable() */
};

/* The places of state, for all calls. */
struct api {
	const char *root, *run;
};

/* The http_handler; arg is the struct api. */
void api_serve(struct request *rq, void *arg);

/* Rows of listings that stand in more than one answer. */
struct json *api_image_row(struct call *call, const struct result *result);
struct json *api_container_row(struct call *call, const struct result *result);
struct json *api_volume_row(struct call *call, const struct result *result);

/* handlers, by their files */
api_handler api_ping, api_version, api_info;                                  /* system.c */
api_handler api_images, api_image_inspect, api_image_pull;                    /* images.c */
api_handler api_image_remove, api_image_tag, api_image_save, api_images_save; /* images.c */
api_handler api_networks, api_network_inspect, api_network_create,
	api_network_remove;                                                        /* networks.c */
api_handler api_volumes, api_volume_inspect, api_volume_create, api_volume_remove; /* volumes.c */
api_handler api_containers_prune, api_images_prune, api_volumes_prune, api_usage;  /* prune.c */
api_handler api_containers, api_container_inspect; /* containers.c */
api_handler api_container_create, api_container_start, api_container_stop, api_container_restart,
	api_container_kill, api_container_pause, api_container_unpause, api_container_rename,
	api_container_wait, api_container_remove, api_container_top;            /* containers.c */
api_handler api_container_attach, api_container_resize;                         /* attach.c */
api_handler api_container_logs;                                                 /* logs.c */
api_handler api_exec_create, api_exec_start, api_exec_resize, api_exec_inspect; /* exec.c */

#endif
