/* SPDX-License-Identifier: Apache-2.0 */
/* User names and passwords for registries, in docker's config.json format. */
#ifndef KIST_PULLER_CREDENTIALS_H
#define KIST_PULLER_CREDENTIALS_H

#include <stdbool.h>

#include "lib/err.h"

#define PASSWORD_MAX 65536 /* bytes on --password-stdin */

/* Both NULL: none. The token is docker's identitytoken, an OAuth2 refresh token. */
struct credential {
	char *user, *password, *token;
};

void credential_release(struct credential *c);

#define own_credential __attribute__((cleanup(credential_release)))

/*
 * Look the registry ("docker.io", "127.0.0.1:5000", and the registry's repository for entries like
 * "quay.io/team") up in auth_file, or (NULL) in the first of $REGISTRY_AUTH_FILE,
 * ${XDG_RUNTIME_DIR}/containers/auth.json, $DOCKER_CONFIG/config.json or ~/.docker/config.json that
 * knows it. None is no error: *c stays empty. *helper (may be NULL) gets the name of a credential
 * helper that a file names for the registry, which we cannot ask; the caller frees it.
 */
int credential_find(const char *auth_file, const char *registry, const char *repository,
	struct credential *c, char **helper, struct err *err);

/* The value of an Authorization header, "Basic ..."; the caller frees it. */
char *credential_basic(const struct credential *c);

/*
 * Where login stores: auth_file, else $REGISTRY_AUTH_FILE, else $DOCKER_CONFIG/config.json, else
 * ~/.docker/config.json. The caller frees it.
 */
int credential_file(const char *auth_file, char **path, struct err *err);

/*
 * Write c (NULL: remove) as the registry's entry; the rest of the file stays as it is. Mode 0600,
 * replaced whole. Returns 1 when there was an entry before, else 0.
 */
int credential_store(
	const char *path, const char *registry, const struct credential *c, struct err *err);

/*
 * Read one password from stdin: everything up to the end without one final line feed; empty is an
 * error. The caller frees it.
 */
int password_from_stdin(char **password, struct err *err);

#endif
