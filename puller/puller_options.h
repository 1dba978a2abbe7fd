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
	{"insecure", 0, CLI_STRINGS, offsetof(type, member.insecure), "HOST[:PORT]",               \
		"allow plain HTTP and any certificate for this host", 0, NULL},                    \
		{"auth-host", 0, CLI_STRINGS, offsetof(type, member.auth_hosts), "HOST[:PORT]",    \
			"a token server elsewhere that may get the credentials", 0, NULL},         \
		{"cert-dir", 0, CLI_STRING, offsetof(type, member.cert_dir), "DIR",                \
			"more *.crt, *.cert and *.key, besides certs.d", 0, NULL},                 \
	{                                                                                          \
		"timeout", 0, CLI_INT, offsetof(type, member.timeout), "SECONDS",                  \
			"give up after so long without progress (default 60)", 0, NULL             \
	}

/* kist-pull and kist-push: who we are. */
struct credential_options {
	const char *auth_file, *creds, *user;
	bool password_stdin;
};

#define CREDENTIAL_OPTIONS(type, member)                                                           \
	{"authfile", 0, CLI_STRING, offsetof(type, member.auth_file), "FILE",                      \
		"credentials, in docker's config.json format", 0, NULL},                           \
		{"creds", 0, CLI_STRING, offsetof(type, member.creds), "USER:PASSWORD",            \
			"credentials (others can see them: prefer --password-stdin)", 0, NULL},    \
		{"username", 'u', CLI_STRING, offsetof(type, member.user), "NAME",                 \
			"user name, with --password-stdin", 0, NULL},                              \
	{                                                                                          \
		"password-stdin", 0, CLI_FLAG, offsetof(type, member.password_stdin), NULL,        \
			"take the password from stdin", 0, NULL                                    \
	}

/* Borrows from *o. A time-out that is no time is E_USAGE. Returns 0. */
int connection_http_options(
	const struct connection_options *o, struct http_options *http, struct err *err);

/* What the command line says about who we are; both NULL when it says nothing. Returns 0. */
int credential_from_options(
	const struct credential_options *o, struct credential *c, struct err *err);

/* A registry's name as a user types it ("https://host/v1/" is "host"). The caller frees it. */
int registry_name(const char *text, char **name, struct err *err);

#endif
