/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that config_make() puts together. Each fills one section; results live in the arena. */
#ifndef KIST_SPEC_CONFIG_PARTS_H
#define KIST_SPEC_CONFIG_PARTS_H

#include "spec/config_make.h"

/* What all the parts read and write. */
struct config_maker {
	const struct image_execution *image; /* never NULL */
	const char *architecture;            /* the image's; NULL: not known */
	const struct config_options *options;
	struct runtime_config *config; /* process and linux_ are there */
	struct arena *arena;
};

/* Each returns 0. */
int config_make_process(const struct config_maker *m, struct err *err);
int config_make_mounts(const struct config_maker *m, struct err *err);
int config_make_resources(const struct config_maker *m, struct err *err);

#endif
