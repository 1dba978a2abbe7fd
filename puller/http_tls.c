/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust for a registry: the system's CAs, and per host /etc/docker/certs.d/HOST[:PORT] and
 * /etc/kist/certs.d/HOST[:PORT] with *.crt (CAs), NAME.cert and NAME.key (our certificate).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http_private.h"

#define CERTIFICATE_MAX (1u << 20)
#define BUNDLE_MAX      (16u << 20)

static const char *const cert_roots[] = {"/etc/docker/certs.d", "/etc/kist/certs.d"};

/* What was found for one host; kept, because a bundle is read once and used by each connection. */
struct host_trust {
	struct host_trust *next;
	char *host;
	int bundle; /* memfd with the system's CAs and the host's; -1: the system's alone */
	char *bundle_path, *cert, *key;
};

struct http_tls {
	const char *cert_dir;
	struct host_trust *hosts;
};

struct http_tls *tls_new(const char *cert_dir)
{
	struct http_tls *t = xcalloc(1, sizeof(*t));

	t->cert_dir = cert_dir;
	return t;
}

static void trust_free(struct host_trust *h)
{
	if (h->bundle >= 0)
		close(h->bundle);
	free(h->host);
	free(h->bundle_path);
	free(h->cert);
	free(h->key);
	free(h);
}

void tls_free(struct http_tls *t)
{
	while (t->hosts) {
		struct host_trust *next = t->hosts->next;

		trust_free(t->hosts);
		t->hosts = next;
	}
	free(t);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

/* The bundle so far, made with the system's CAs in front when it is the first. */
static int bundle_add(
	struct host_trust *h, CURL *easy, int dirfd, const char *name, struct err *err)
{
	own_buf struct buf text = {0};
	char *system = NULL;

	if (h->bundle < 0) {
		h->bundle = memfd_create("kist-ca", MFD_CLOEXEC);
		if (h->bundle < 0)
			return err_errno(err, "cannot collect certificates");
		h->bundle_path = xasprintf("/proc/self/fd/%d", h->bundle);
		curl_easy_getinfo(easy, CURLINFO_CAINFO, &system);
		if (system && access(system, R_OK) == 0 &&
			io_read_file(AT_FDCWD, system, BUNDLE_MAX, &text, err) < 0)
			return -err->code;
	}
	if (io_read_file(dirfd, name, CERTIFICATE_MAX, &text, err) < 0)
		return -err->code;
	buf_addc(&text, '\n');
	if (io_write_full(h->bundle, buf_str(&text), text.len) < 0)
		return err_errno(err, "cannot collect certificates");
	return 0;
}

static int take_cert(
	struct host_trust *h, const char *dir, DIR *d, const char *name, struct err *err)
{
	own_mem char *key = xasprintf("%.*s.key", (int)(strlen(name) - 5), name);

	if (faccessat(dirfd(d), key, R_OK, 0) < 0)
		return err_set(err, E_TLS, "'%s/%s' has no key '%s' beside it", dir, name, key);
	free(h->cert);
	free(h->key);
	h->cert = xasprintf("%s/%s", dir, name);
	h->key = xasprintf("%s/%s", dir, key);
	return 0;
}

static int read_directory(struct host_trust *h, CURL *easy, const char *dir, struct err *err)
{
	own_dir DIR *d = opendir(dir);
	struct dirent *e;
	int r;

	if (!d && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!d)
		return err_errno(err, "cannot read certificates in '%s'", dir);
	while ((r = dir_next(d, &e, err)) > 0) {
		if (ends_with(e->d_name, ".crt") &&
			bundle_add(h, easy, dirfd(d), e->d_name, err) < 0)
			return err_wrap(err, "'%s'", dir);
		if (ends_with(e->d_name, ".cert") && take_cert(h, dir, d, e->d_name, err) < 0)
			return -err->code;
	}
	return r < 0 ? err_wrap(err, "cannot read certificates in '%s'", dir) : 0;
}

bool http_host_has_certificates(const char *host)
{
	for (size_t i = 0; i < ARRAY_LEN(cert_roots); i++) {
		own_mem char *dir = xasprintf("%s/%s", cert_roots[i], host);
		struct stat st;

		if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
			return true;
	}
	return false;
}

static int read_trust(struct http_tls *t, CURL *easy, struct host_trust *h, struct err *err)
{
	/* the name becomes part of a path: reference and URL parsers let no '/' through */
	if (strchr(h->host, '/'))
		return err_set(err, E_SYNTAX, "invalid host '%s'", h->host);
	for (size_t i = 0; i < ARRAY_LEN(cert_roots); i++) {
		own_mem char *dir = xasprintf("%s/%s", cert_roots[i], h->host);

		if (read_directory(h, easy, dir, err) < 0)
			return -err->code;
	}
	return t->cert_dir ? read_directory(h, easy, t->cert_dir, err) : 0;
}

static int find_trust(struct http_tls *t, CURL *easy, const char *host, struct host_trust **found,
	struct err *err)
{
	struct host_trust *h = t->hosts;

	while (h && strcmp(h->host, host) != 0)
		h = h->next;
	if (!h) {
		h = xcalloc(1, sizeof(*h));
		h->host = xstrdup(host);
		h->bundle = -1;
		if (read_trust(t, easy, h, err) < 0) {
			trust_free(h);
			return -err->code;
		}
		h->next = t->hosts;
		t->hosts = h;
	}
	*found = h;
	return 0;
}

int tls_apply(struct http_tls *t, CURL *easy, const char *host, bool verify, struct err *err)
{
	struct host_trust *h;

	if (find_trust(t, easy, host, &h, err) < 0)
		return -err->code;
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
	if (h->bundle >= 0) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, h->bundle_path);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (h->cert) {
		curl_easy_setopt(easy, CURLOPT_SSLCERT, h->cert);
		curl_easy_setopt(easy, CURLOPT_SSLKEY, h->key);
	}
	return 0;
}
