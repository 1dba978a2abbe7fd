/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "netsetup/config.h"

#define HOST_FILE_MAX (1u << 20)

/* systemd-resolved's list of the real servers, where resolv.conf names only its own stub */
#define RESOLVED_FILE "/run/systemd/resolve/resolv.conf"

static const char usual_hosts[] = "127.0.0.1\tlocalhost\n"
				  "::1\tlocalhost ip6-localhost ip6-loopback\n"
				  "fe00::\tip6-localnet\n"
				  "ff00::\tip6-mcastprefix\n"
				  "ff02::1\tip6-allnodes\n"
				  "ff02::2\tip6-allrouters\n";

/* "10.88.0.2\tweb www" for each network. */
static void add_own_names(
	const struct network_wish *w, const struct network_result *result, struct buf *out)
{
	for (size_t i = 0; i < result->endpoints.count; i++) {
		const struct network_attachment *e = &result->endpoints.items[i];
		const char *address = e->addresses.count ? e->addresses.items[0] : "";
		const char *separator = "\t";

		if (!(w->hostname && *w->hostname) && !e->aliases.count)
			continue;
		buf_add(out, address, strcspn(address, "/"));
		if (w->hostname && *w->hostname) {
			buf_addf(out, "\t%s", w->hostname);
			separator = " ";
		}
		for (size_t k = 0; k < e->aliases.count; k++, separator = " ")
			buf_addf(out, "%s%s", separator, e->aliases.items[k]);
		buf_addc(out, '\n');
	}
}

void files_hosts(const struct network_wish *w, const struct network_result *result,
	const char *host_file, struct buf *out)
{
	own_arena struct arena a = {0};
	const char *gateway = result->endpoints.count ? result->endpoints.items[0].gateway : NULL;
	const char *name, *to;

	buf_adds(out, config_kind(w) == CONFIG_HOST ? host_file : usual_hosts);
	if (out->len && out->data[out->len - 1] != '\n')
		buf_addc(out, '\n');
	for (size_t i = 0; i < w->extra_hosts.count; i++) {
		if (config_split_host(&a, w->extra_hosts.items[i], &name, &to) < 0)
			continue; /* config_parse() has refused it */
		if (strcmp(to, "host-gateway") == 0)
			to = gateway ? gateway : "127.0.0.1";
		buf_addf(out, "%s\t%s\n", to, name);
	}
	add_own_names(w, result, out);
}

static bool is_loopback_server(const char *s, size_t len)
{
	return (len >= 4 && strncmp(s, "127.", 4) == 0) || (len == 3 && strncmp(s, "::1", 3) == 0);
}

/* Does the line begin with the word and white space? Then its first value, else NULL. */
static const char *value_of(const char *line, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n) != 0 || (line[n] != ' ' && line[n] != '\t'))
		return NULL;
	return line + n + strspn(line + n, " \t");
}

static void add_all(struct buf *out, const char *word, const struct strings *values)
{
	if (!values->count)
		return;
	buf_adds(out, word);
	for (size_t i = 0; i < values->count; i++)
		buf_addf(out, " %s", values->items[i]);
	buf_addc(out, '\n');
}

/* Is this line of the host's file passed on? */
static bool keep_line(const struct network_wish *w, const char *line, size_t *servers)
{
	const char *server = value_of(line, "nameserver");
	bool searches = value_of(line, "search") || value_of(line, "domain");

	if (server) {
		bool local = is_loopback_server(server, strcspn(server, " \t\n"));

		if (w->dns.count || (local && config_kind(w) != CONFIG_HOST))
			return false;
		++*servers;
		return true;
	}
	if (searches)
		return !w->dns_search.count;
	return value_of(line, "options") && !w->dns_options.count;
}

size_t files_resolv(const struct network_wish *w, const char *host_file, struct buf *out)
{
	/* docker's "--dns-search ." means none */
	bool no_search = w->dns_search.count == 1 && strcmp(w->dns_search.items[0], ".") == 0;
	size_t servers = w->dns.count;

	for (const char *line = host_file; *line;) {
		size_t n = strcspn(line, "\n");

		if (keep_line(w, line, &servers)) {
			buf_add(out, line, n);
			buf_addc(out, '\n');
		}
		line += n + (line[n] == '\n');
	}
	for (size_t i = 0; i < w->dns.count; i++)
		buf_addf(out, "nameserver %s\n", w->dns.items[i]);
	if (!no_search)
		add_all(out, "search", &w->dns_search);
	add_all(out, "options", &w->dns_options);
	return servers;
}

/* A host may do without the file; the text is then "". */
static const char *read_host_file(struct arena *a, const char *path)
{
	struct err ignored;
	own_buf struct buf text = {0};

	if (io_read_file(AT_FDCWD, path, HOST_FILE_MAX, &text, &ignored) < 0 ||
		strlen(buf_str(&text)) != text.len)
		return "";
	return arena_strdup(a, buf_str(&text));
}

static void make_resolv(const struct network_wish *w, struct arena *a, struct buf *out)
{
	const char *host = read_host_file(a, "/etc/resolv.conf");

	if (files_resolv(w, host, out) || config_kind(w) == CONFIG_NONE)
		return;
	if (strstr(host, "nameserver")) {
		buf_reset(out);
		if (files_resolv(w, read_host_file(a, RESOLVED_FILE), out))
			return;
	}
	log_warn("this host's resolv.conf names no server that a container can reach: give --dns");
}

static int write_file(int dir, const char *name, const struct buf *text, struct err *err)
{
	return io_publish_file(dir, name, buf_str(text), text->len, 0644, 0, err);
}

int files_write(const struct network_wish *w, const struct network_result *result, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf hosts = {0}, hostname = {0}, resolv = {0};
	own_fd int dir = -1;

	if (!w->files)
		return 0;
	dir = open(w->files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open '%s'", w->files);
	files_hosts(w, result,
		config_kind(w) == CONFIG_HOST ? read_host_file(&a, "/etc/hosts") : "", &hosts);
	buf_addf(&hostname, "%s\n", w->hostname ? w->hostname : "");
	make_resolv(w, &a, &resolv);
	if (write_file(dir, "hosts", &hosts, err) < 0 ||
		write_file(dir, "hostname", &hostname, err) < 0 ||
		write_file(dir, "resolv.conf", &resolv, err) < 0)
		return err_wrap(err, "'%s'", w->files);
	return 0;
}
