/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process of a container with CAP_SYS_PTRACE: it stops each new process as soon as it is seen in
 * the pid namespace, looks through /proc/PID at its root, its working directory, its descriptors,
 * its environment and its rights, and lets it go on (or, as "catcher FILE keep", does not). FILE is
 * one of the host's. What is wrong is a line that begins with "HOST", or with "RIGHTS" when it may
 * do more than we may; "caught PID" is said of each.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_stopped(int pid)
{
	char path[64], text[512], *end;
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	end = strrchr(text, ')');
	if (!end || end[1] != ' ' || end[2] == 'Z')
		return -1;
	return end[2] == 'T';
}

static void look_at_root(int pid, const char *what, const char *host_file)
{
	char path[512];

	snprintf(path, sizeof(path), "/proc/%d/%s/%s", pid, what, host_file);
	if (access(path, F_OK) == 0)
		printf("HOST: %s of %d\n", what, pid);
}

/* Pipes and sockets are what every process talks by; files and directories could only be the
 * host's. */
static void look_at_descriptors(int pid)
{
	char path[64], link[64 + 256], name[256];
	struct dirent *e;
	struct stat st;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] < '3' && !e->d_name[1])
			continue;
		if (e->d_name[0] == '.')
			continue;
		snprintf(link, sizeof(link), "%s/%s", path, e->d_name);
		n = readlink(link, name, sizeof(name) - 1);
		name[n > 0 ? n : 0] = '\0';
		if (stat(link, &st) < 0 || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) ||
			strncmp(name, "/dev/pts/", 9) == 0 || strncmp(name, "/dev/null", 9) == 0)
			continue;
		printf("HOST: descriptor %s of %d is %s\n", e->d_name, pid, name);
	}
	if (dir)
		closedir(dir);
}

static void look_at_environment(int pid)
{
	static char text[1 << 20];
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (n > 0 && memmem(text, (size_t)n, "CALLERS_SECRET", 14))
		printf("HOST: environment of %d\n", pid);
	if (fd >= 0)
		close(fd);
}

/* /proc/PID/status; nothing when it has ended. */
static const char *status_of(const char *pid, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return strstr(text, "State:\tZ") ? "" : text;
}

static unsigned long long number(const char *status, const char *word, int base)
{
	const char *at = strstr(status, word);

	return at ? strtoull(at + strlen(word), NULL, base) : 0;
}

static void look_at_rights(int pid)
{
	char own_text[4096], their_text[4096], name[16];
	const char *own, *theirs;
	unsigned long long more;

	snprintf(name, sizeof(name), "%d", pid);
	own = status_of("self", own_text, sizeof(own_text));
	theirs = status_of(name, their_text, sizeof(their_text));
	more = number(theirs, "\nCapEff:", 16) | number(theirs, "\nCapPrm:", 16);
	more &= ~number(own, "\nCapPrm:", 16);
	if (more)
		printf("RIGHTS: capabilities %llx of %d\n", more, pid);
	if (*theirs && number(theirs, "\nSeccomp:", 10) < number(own, "\nSeccomp:", 10))
		printf("RIGHTS: %d has no filter\n", pid);
}

int main(int argc, char **argv)
{
	int keep = argc > 2 && strcmp(argv[2], "keep") == 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		return 2;
	puts("ready");
	for (int next = getpid() + 1;;) {
		int found = 0, pid = next, state = 0;

		for (; !found && pid < next + 32; pid++)
			found = kill(pid, SIGSTOP) == 0;
		if (!found)
			continue;
		pid--;
		next = pid + 1;
		for (int i = 0; i < 100000 && state == 0; i++)
			state = is_stopped(pid);
		look_at_root(pid, "root", argv[1]);
		look_at_root(pid, "cwd", argv[1]);
		look_at_descriptors(pid);
		look_at_environment(pid);
		look_at_rights(pid);
		printf("caught %d\n", pid);
		if (!keep)
			kill(pid, SIGCONT);
	}
}
