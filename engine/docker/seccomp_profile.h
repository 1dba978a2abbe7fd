/* SPDX-License-Identifier: Apache-2.0 */
/* Docker's form of a seccomp profile: the runtime-spec's with conditions. */
#ifndef KIST_ENGINE_SECCOMP_PROFILE_H
#define KIST_ENGINE_SECCOMP_PROFILE_H

#include "lib/schema.h"
#include "spec/seccomp_config.h"

/*
 * Decode a profile as --security-opt seccomp=FILE names it: plain runtime-spec form, or docker's
 * with "archMap" and rules with "includes" and "excludes" (capabilities, architectures, kernel
 * version), of which the rules that apply are kept. capabilities: the names that the container will
 * have. Everything lives in the arena. Returns 0, or E_SYNTAX.
 */
int seccomp_profile_decode(const struct json *profile, const struct strings *capabilities,
	struct seccomp_config *out, struct arena *a, struct err *err);

#endif
