/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of translate(), in the order in which they are called. Each returns 0 or an error. */
#ifndef KIST_ENGINE_TRANSLATE_PARTS_H
#define KIST_ENGINE_TRANSLATE_PARTS_H

#include "engine/verb/translate.h"

/* Ports and endpoints. */
int translate_network(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err);

/* Mounts, and the options for them. */
int translate_mounts(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err);

/* The rest of config_options: process, limits, devices, privileges. */
int translate_options(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err);

/* Devices and block I/O, for translate_options(). */
int translate_devices(const struct translate_context *c, struct translation *t, struct err *err);

#endif
