/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cache file is a header, the key's text and the program. The name is only a short hash of the
 * key: it is the key itself that is compared, so a collision costs time and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/seccomp.h"

#define MAGIC          "kist-bpf 3\n"
#define CACHE_FILE_MAX (4u << 20)

struct header {
	char magic[16];
	uint32_t key_length;
	uint32_t program_length; /* in bytes */
	uint64_t check;          /* over key and program: a torn file is no filter */
};

static uint64_t mix(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len >= 8) {
		uint64_t word;

		memcpy(&word, p, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
		p += 8;
		len -= 8;
	}
	while (len--)
		h = (h ^ *p++) * 0x100000001b3u;
	return h ^ h >> 32;
}

static void add_strings(struct buf *key, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		buf_adds(key, list->items[i]);
		buf_addc(key, ' ');
	}
	buf_addc(key, '\n');
}

static void add_rule(struct buf *key, const struct seccomp_rule *rule)
{
	buf_addf(
		key, "%s %" PRId64, rule->action, rule->errno_ret ? (int64_t)*rule->errno_ret : -1);
	for (size_t i = 0; i < rule->args.count; i++) {
		const struct seccomp_arg *a = &rule->args.items[i];

		buf_addf(key, " %u%s%" PRIu64 ",%" PRIu64, a->index, a->op, a->value, a->value_two);
	}
	buf_addc(key, ':');
	add_strings(key, &rule->names);
}

void seccomp_key(const struct seccomp_config *config, struct buf *key)
{
	const struct scmp_version *v = seccomp_version();
	struct utsname system = {0};

	uname(&system);
	buf_reserve(key, 16384);
	buf_addf(key, "%s %s %s libseccomp %u.%u.%u\n", KIST_VERSION, system.release,
		system.machine, v->major, v->minor, v->micro);
	buf_addf(key, "%s %" PRId64 "\n", config->default_action,
		config->default_errno_ret ? (int64_t)*config->default_errno_ret : -1);
	add_strings(key, &config->architectures);
	for (size_t i = 0; i < config->syscalls.count; i++)
		add_rule(key, &config->syscalls.items[i]);
	while (key->len % sizeof(struct sock_filter))
		buf_addc(key, '\n');
}

static void file_name(const struct buf *key, char name[40])
{
	snprintf(name, 40, SECCOMP_CACHE_DIR "/%016" PRIx64, mix(0, key->data, key->len));
}

/* Ours alone: a filter that others could write would be no protection. */
static bool is_ours(int fd, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		(st.st_mode & 07777) != 0600 || st.st_nlink != 1 || st.st_size > CACHE_FILE_MAX ||
		st.st_size < (off_t)sizeof(struct header))
		return false;
	*size = (size_t)st.st_size;
	return true;
}

static bool matches(const struct seccomp_filter *f, const struct buf *key)
{
	const struct header *h = f->map;
	const char *body = (const char *)f->map + sizeof(*h);

	return memcmp(h->magic, MAGIC, sizeof(MAGIC)) == 0 && h->key_length == key->len &&
		f->map_size == sizeof(*h) + h->key_length + (size_t)h->program_length &&
		h->program_length && h->program_length % sizeof(struct sock_filter) == 0 &&
		h->program_length / sizeof(struct sock_filter) <= BPF_MAXINSNS * 16u &&
		memcmp(body, key->data, key->len) == 0 &&
		mix(1, body, f->map_size - sizeof(*h)) == h->check;
}

void filter_release(struct seccomp_filter *f)
{
	if (f->map)
		munmap(f->map, f->map_size);
	f->map = NULL;
}

int seccomp_cache_read(struct seccomp_filter *f, int rootdir, const struct buf *key)
{
	own_fd int fd = -1;
	char name[40];

	file_name(key, name);
	fd = openat(rootdir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || !is_ours(fd, &f->map_size))
		return -ENOENT;
	f->map = mmap(NULL, f->map_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (f->map == MAP_FAILED) {
		f->map = NULL;
		return -ENOENT;
	}
	if (!matches(f, key)) {
		filter_release(f);
		return -ENOENT;
	}
	f->program = (const void *)((const char *)f->map + sizeof(struct header) + key->len);
	f->count = (unsigned short)(((const struct header *)f->map)->program_length /
		sizeof(struct sock_filter));
	return 0;
}

int seccomp_cache_write(
	int rootdir, const struct buf *key, const struct seccomp_filter *f, struct err *err)
{
	struct header h = {.magic = MAGIC,
		.key_length = (uint32_t)key->len,
		.program_length = (uint32_t)(f->count * sizeof(struct sock_filter))};
	own_buf struct buf file = {0};
	char name[40];

	if (mkdirat(rootdir, SECCOMP_CACHE_DIR, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make the seccomp cache");
	file_name(key, name);
	buf_reserve(&file, sizeof(h) + key->len + h.program_length);
	buf_add(&file, &h, sizeof(h));
	buf_add(&file, key->data, key->len);
	buf_add(&file, f->program, h.program_length);
	h.check = mix(1, file.data + sizeof(h), file.len - sizeof(h));
	memcpy(file.data, &h, sizeof(h));
	return io_publish_file(rootdir, name, file.data, file.len, 0600, 0, err);
}
