/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container that gives its stdout away, and the one that takes it (SCM_RIGHTS).
 *
 *	pass_stdout give SOCKET     sends descriptor 1 and ends
 *	pass_stdout take SOCKET     takes one, and writes a line every 50 ms to it until it cannot
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int give(int sock)
{
	union room room = {0};
	struct iovec part = {"x", 1};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room)};
	int fd = 1;

	room.head = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(fd))};
	memcpy(CMSG_DATA(&room.head), &fd, sizeof(fd));
	if (sendmsg(sock, &m, 0) < 0)
		return 1;
	printf("my last words\n");
	return 0;
}

static int take(int sock)
{
	static const char line[] = "a line of somebody else\n";
	union room room = {0};
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room)};
	int fd;

	if (recvmsg(sock, &m, 0) < 0 || room.head.cmsg_type != SCM_RIGHTS)
		return 1;
	memcpy(&fd, CMSG_DATA(&room.head), sizeof(fd));
	signal(SIGPIPE, SIG_IGN);
	while (write(fd, line, strlen(line)) > 0)
		usleep(50000);
	printf("closed: %s\n", strerror(errno));
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc != 3 || sock < 0)
		return 2;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[2]);
	if (strcmp(argv[1], "give") == 0) {
		while (connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
			usleep(20000);
		return give(sock);
	}
	if (bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(sock, 1) < 0)
		return 1;
	return take(accept(sock, NULL, NULL));
}
