/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

ssize_t io_read_full(int fd, void *data, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, (char *)data + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

int io_write_full(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int io_read_fd(int fd, size_t max, const char *what, struct buf *out, struct err *err)
{
	size_t total = 0;

	for (;;) {
		size_t want = total ? total : 4096;
		ssize_t got;

		/* one byte over the limit tells "too large" from "exactly full" */
		if (want > max - total + 1)
			want = max - total + 1;
		buf_reserve(out, want);
		got = io_read_full(fd, out->data + out->len, want);
		if (got < 0) {
			errno = (int)-got;
			return err_errno(err, "cannot read %s", what);
		}
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		total += (size_t)got;
		if (total > max)
			return err_set(err, E_LIMIT, "%s is larger than %zu bytes", what, max);
		if ((size_t)got < want)
			return 0;
	}
}

int io_each_line(int fd, size_t max,
	int (*each)(void *arg, const char *text, size_t len, struct err *err), void *arg,
	struct err *err)
{
	own_buf struct buf text = {0};
	size_t seen = 0; /* bytes of text that hold no line feed */

	for (;;) {
		char *start = text.data, *end;
		ssize_t n;

		while (text.len > seen && (end = memchr(text.data + seen, '\n', text.len - seen))) {
			if (each(arg, start, (size_t)(end - start), err) < 0)
				return -err->code;
			start = end + 1;
			seen = (size_t)(start - text.data);
		}
		text.len -= (size_t)(start - text.data);
		if (text.len)
			memmove(text.data, start, text.len);
		seen = text.len;
		if (text.len > max)
			return err_set(err, E_LIMIT, "a line of more than %zu bytes", max);
		buf_reserve(&text, IO_BLOCK_SIZE);
		do
			n = read(fd, text.data + text.len, IO_BLOCK_SIZE);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return err_errno(err, "cannot read lines");
		if (n == 0)
			return text.len ? each(arg, text.data, text.len, err) : 0;
		text.len += (size_t)n;
	}
}

int io_read_file(int dirfd, const char *path, size_t max, struct buf *out, struct err *err)
{
	struct stat st;
	own_fd int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot stat '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "cannot read '%s': not a regular file", path);
	if ((uint64_t)st.st_size > max)
		return err_set(err, E_LIMIT, "'%s' is larger than %zu bytes", path, max);
	buf_reserve(out, (size_t)st.st_size);
	return io_read_fd(fd, max, path, out, err);
}

int io_temp_file(int dirfd, mode_t mode, char name[40], struct err *err)
{
	for (int tries = 0; tries < 100; tries++) {
		char hex[17];
		int fd;

		io_random_hex(hex, 8);
		snprintf(name, 40, ".tmp-%s", hex);
		fd = openat(
			dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			break;
	}
	return err_errno(err, "cannot create a temporary file");
}

static int publish_name(int dirfd, const char *temp, const char *name, unsigned flags)
{
	if (!(flags & IO_EXCLUSIVE))
		return renameat(dirfd, temp, dirfd, name);
	if (linkat(dirfd, temp, dirfd, name, 0) < 0)
		return -1;
	return unlinkat(dirfd, temp, 0);
}

int io_publish_file(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
	unsigned flags, struct err *err)
{
	char temp[40];
	own_fd int fd = io_temp_file(dirfd, mode, temp, err);
	int r;

	if (fd < 0)
		return err_wrap(err, "cannot write '%s'", name);
	r = io_write_full(fd, data, len);
	errno = -r;
	if (r == 0 && (flags & IO_DURABLE) && fsync(fd) < 0)
		r = -1;
	if (r == 0 && publish_name(dirfd, temp, name, flags) < 0)
		r = -1;
	if (r < 0) {
		r = errno == EEXIST ? err_set(err, E_EXISTS, "'%s' exists", name)
				    : err_errno(err, "cannot write '%s'", name);
		unlinkat(dirfd, temp, 0);
		return r;
	}
	if (flags & IO_DURABLE) {
		own_fd int dir = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (dir < 0 || fsync(dir) < 0)
			return err_errno(err, "cannot sync the directory of '%s'", name);
	}
	return 0;
}

/* Returns bytes copied in the kernel until it declined or the input ended. */
static int64_t copy_in_kernel(int in, int out)
{
	int64_t total = 0;
	ssize_t n;

	while ((n = splice(in, NULL, out, NULL, 1 << 20, SPLICE_F_MOVE)) > 0)
		total += n;
	if (n == 0 || total)
		return total;
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		total += n;
	return total;
}

int64_t io_copy(int in, int out, struct err *err)
{
	int64_t total = copy_in_kernel(in, out);
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);

	for (;;) {
		ssize_t n = read(in, block, IO_BLOCK_SIZE);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot read");
		if (n == 0)
			return total;
		r = io_write_full(out, block, (size_t)n);
		if (r < 0) {
			errno = -r;
			return err_errno(err, "cannot write");
		}
		total += n;
	}
}

void io_random_hex(char *hex, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[64];

	*hex = '\0';
	while (n) {
		size_t chunk = n < sizeof(bytes) ? n : sizeof(bytes);

		if (getrandom(bytes, chunk, 0) != (ssize_t)chunk)
			continue;
		for (size_t i = 0; i < chunk; i++) {
			*hex++ = digits[bytes[i] >> 4];
			*hex++ = digits[bytes[i] & 15];
		}
		n -= chunk;
		*hex = '\0';
	}
}

void io_time_format(int64_t seconds, long nanoseconds, char text[IO_TIME_MAX])
{
	/*
	 * Not gmtime_r(3): glibc's reads /etc/localtime first, five system calls in each program
	 * that writes a time. Years begin in March here, so that the leap day is the last of its
	 * year; an era is the 400 years after which the calendar repeats itself.
	 */
	int64_t days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
	int64_t since = days + 719468; /* since 0000-03-01 */
	int64_t era = (since >= 0 ? since : since - 146096) / 146097, day = since - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t month; /* 0 to 11 */

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	snprintf(text, IO_TIME_MAX, "%04lld-%02u-%02uT%02u:%02u:%02u.%09ldZ",
		(long long)(year + era * 400 + (month >= 10)),
		(unsigned)(month < 10 ? month + 3 : month - 9) % 13, (unsigned)(day + 1) % 32,
		(unsigned)(rest / 3600) % 24, (unsigned)(rest / 60) % 60, (unsigned)rest % 60,
		nanoseconds);
}

void io_time_now(char text[IO_TIME_MAX])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	io_time_format(now.tv_sec, now.tv_nsec, text);
}

int io_time_parse(const char *text, int64_t *seconds, long *nanoseconds)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	long nanos = 0, unit = 100000000;
	int hours, minutes, used = 0;
	char sign;

	if (!rest)
		return -EINVAL;
	if (*rest == '.') {
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
			nanos += unit * (*rest - '0');
	}
	*seconds = timegm(&tm);
	*nanoseconds = nanos;
	if (strcmp(rest, "Z") == 0 || strcmp(rest, "z") == 0)
		return 0;
	if (sscanf(rest, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || rest[used] ||
		(sign != '+' && sign != '-'))
		return -EINVAL;
	*seconds += (sign == '+' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return 0;
}

void io_start(void)
{
	int fd;

	signal(SIGPIPE, SIG_IGN);
	/* a caller that closed 0, 1 or 2 must not have our files appear there */
	do {
		fd = open("/dev/null", O_RDWR); /* not O_CLOEXEC: 0..2 are inherited */
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

int io_memory_file(const char *name, const void *data, size_t len, struct err *err)
{
	own_fd int fd = memfd_create(name, MFD_CLOEXEC);
	int r = fd < 0 ? -errno : io_write_full(fd, data, len);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	return r < 0 ? err_set(err, -r, "cannot make a file in memory: %s", strerror(-r))
		     : give_fd(fd);
}
