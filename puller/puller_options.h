/* SPDX-License-Identifier: Apache-2.0 */
/* The options that all programs which talk to a registry have in common. */
#ifndef KIST_PULLER_PULLER_OPTIONS_H
#define KIST_PULLER_PULLER_OPTIONS_H

#include "lib/cli.h"
#include "puller/registry.h"

struct connection_options {
	struct strv insecure, auth_hosts;
	const char *cert_dir;
	int64_t timeout;
};

#define CONNECTION_OPTIONS(type, member)                                                           \
	OPT_LIST(type, member.insecure, "insecure", 0, "HOST[:PORT]",                              \
		"allow plain HTTP and any certificate for this host"),                             \
		OPT_LIST(type, member.auth_hosts, "auth-host", 0, "HOST[:PORT]",                   \
			"a token server elsewhere that may get the credentials"),                  \
		OPT_STRING(type, member.cert_dir, "cert-dir", 0, "DIR",                            \
			"more *.crt, *.cert and *.key, besides certs.d"),                          \
		OPT_INT(type, member.timeout, "timeout", 0, "SECONDS",                             \
			"give up after so long without progress (default 60)")

/* kist-pull and kist-push: who we are. */
struct credential_options {
	const char *auth_file, *creds, *user;
	bool password_stdin;
};

#define CREDENTIAL_OPTIONS(type, member)                                                           \
	OPT_STRING(type, member.auth_file, "authfile", 0, "FILE",                                  \
		"credentials, in docker's config.json format"),                                    \
		OPT_STRING(type, member.creds, "creds", 0, "USER:PASSWORD",                        \
			"credentials (others can see them: prefer --password-stdin)"),             \
		OPT_STRING(type, member.user, "username", 'u', "NAME",                             \
			"user name, with --password-stdin"),                                       \
		OPT_FLAG(type, member.password_stdin, "password-stdin", 0,                         \
			"take the password from stdin")

/* Borrows from *o. A time-out that is no time is E_USAGE. Returns 0. */
int connection_http_options(
	const struct connection_options *o, struct http_options *http, struct err *err);

/* What the command line says about who we are; both NULL when it says nothing. Returns 0. */
int credential_from_options(
	const struct credential_options *o, struct credential *c, struct err *err);

/* A registry's name as a user types it ("https://host/v1/" is "host"). The caller frees it. */
int registry_name(const char *text, char **name, struct err *err);

#endif
