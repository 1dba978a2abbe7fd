/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

#define ANSWER_SIZE (64 * 1024)
#define SEND_USUAL  (64 * 1024)

int netlink_open(struct netlink *nl, int protocol, struct err *err)
{
	int on = 1;

	memset(nl, 0, sizeof(*nl));
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (nl->fd < 0)
		return err_errno(err, "cannot open a netlink socket");
	/* the kernel's reason as text, and answers without a copy of the question (both Linux 4.12)
	 */
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	nl->first = 1;
	return 0;
}

void netlink_release(struct netlink *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
	buf_release(&nl->out);
}

static void pad(struct netlink *nl)
{
	static const char zeros[NLMSG_ALIGNTO];

	if (nl->out.len % NLMSG_ALIGNTO)
		buf_add(&nl->out, zeros, NLMSG_ALIGNTO - nl->out.len % NLMSG_ALIGNTO);
}

/* The message's length is kept right all the time, so that it needs no end. */
static void set_length(struct netlink *nl)
{
	uint32_t len = (uint32_t)(nl->out.len - nl->message);

	memcpy(nl->out.data + nl->message, &len, sizeof(len));
}

void netlink_begin(struct netlink *nl, uint16_t type, uint16_t flags, const void *header,
	size_t len, const char *what, ...)
{
	struct nlmsghdr h = {.nlmsg_type = type,
		.nlmsg_flags = flags | NLM_F_REQUEST,
		.nlmsg_seq = nl->first + (uint32_t)nl->count};
	va_list ap;

	if (nl->count == NETLINK_BATCH_MAX)
		abort(); /* callers send in time: our own mistake */
	memset(&nl->labels[nl->count], 0, sizeof(nl->labels[0]));
	va_start(ap, what);
	vsnprintf(nl->labels[nl->count].what, sizeof(nl->labels[0].what), what, ap);
	va_end(ap);
	nl->count++;
	nl->depth = 0;
	nl->previous = nl->message;
	nl->message = nl->out.len;
	buf_add(&nl->out, &h, sizeof(h));
	netlink_raw(nl, header, len);
}

void netlink_forgive(struct netlink *nl, int code)
{
	int *forgiven = nl->labels[nl->count - 1].forgiven;

	forgiven[forgiven[0] != 0] = code;
}

void netlink_raw(struct netlink *nl, const void *data, size_t len)
{
	buf_add(&nl->out, data, len);
	pad(nl);
	set_length(nl);
}

void netlink_attr(struct netlink *nl, uint16_t type, const void *data, size_t len)
{
	struct nlattr a = {.nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type};

	buf_add(&nl->out, &a, sizeof(a));
	netlink_raw(nl, data, len);
}

void netlink_attr_string(struct netlink *nl, uint16_t type, const char *s)
{
	netlink_attr(nl, type, s, strlen(s) + 1);
}

void netlink_attr_u32(struct netlink *nl, uint16_t type, uint32_t value)
{
	netlink_attr(nl, type, &value, sizeof(value));
}

void netlink_attr_be32(struct netlink *nl, uint16_t type, uint32_t value)
{
	netlink_attr_u32(nl, type, htonl(value));
}

void netlink_nest(struct netlink *nl, uint16_t type)
{
	struct nlattr a = {.nla_len = NLA_HDRLEN, .nla_type = type};

	if (nl->depth == NETLINK_NEST_MAX)
		abort();
	nl->nests[nl->depth++] = nl->out.len;
	netlink_raw(nl, &a, sizeof(a));
}

void netlink_nest_end(struct netlink *nl)
{
	size_t start = nl->nests[--nl->depth];
	uint16_t len = (uint16_t)(nl->out.len - start);

	memcpy(nl->out.data + start, &len, sizeof(len));
}

/* Ready for the next batch, with numbers that no late answer can have. */
static void reset(struct netlink *nl)
{
	nl->first += (uint32_t)nl->count;
	nl->count = 0;
	nl->depth = 0;
	nl->message = nl->previous = 0;
	buf_reset(&nl->out);
}

static void want_answer(struct netlink *nl, size_t message)
{
	size_t at = message + offsetof(struct nlmsghdr, nlmsg_flags);
	uint16_t flags;

	memcpy(&flags, nl->out.data + at, sizeof(flags));
	flags |= NLM_F_ACK;
	memcpy(nl->out.data + at, &flags, sizeof(flags));
}

static int transmit(struct netlink *nl, struct err *err)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int size = (int)nl->out.len * 2;

	/* a batch is sent at once or not at all; the usual limit is net.core.wmem_default */
	if (nl->out.len > SEND_USUAL)
		setsockopt(nl->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	while (sendto(nl->fd, nl->out.data, nl->out.len, 0, (struct sockaddr *)&kernel,
		       sizeof(kernel)) < 0)
		if (errno != EINTR)
			return err_errno(err, "cannot %s", nl->labels[0].what);
	return 0;
}

static const char *kernel_words(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t skip = NLMSG_HDRLEN + sizeof(*e);
	const struct nlattr *text;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || h->nlmsg_len <= skip)
		return NULL;
	text = netlink_find((const char *)h + skip, h->nlmsg_len - skip, NLMSGERR_ATTR_MSG);
	if (!text || !netlink_len(text) ||
		((const char *)netlink_data(text))[netlink_len(text) - 1] != '\0')
		return NULL;
	return netlink_data(text);
}

static bool is_forgiven(const struct netlink *nl, size_t place, int code)
{
	const int *forgiven = nl->labels[place].forgiven;

	return code == forgiven[0] || code == forgiven[1];
}

/* Is this about the batch's end, one of the two messages that are answered in any case? */
static bool is_last(const struct netlink *nl, const struct nlmsghdr *h)
{
	return nl->count - (size_t)(h->nlmsg_seq - nl->first) <= 2;
}

/* Returns 0 for an acknowledgement, a forgiven error, or an answer to an earlier batch. */
static int judge(struct netlink *nl, const struct nlmsghdr *h, size_t *failed, struct err *err)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t place = h->nlmsg_seq - nl->first;
	const char *words;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*e)) || e->error >= 0 || e->error == INT_MIN)
		return 0;
	if (place >= nl->count || is_forgiven(nl, place, -e->error))
		return 0;
	if (failed)
		*failed = place;
	words = kernel_words(h);
	errno = -e->error;
	if (!words)
		return err_errno(err, "cannot %s", nl->labels[place].what);
	return err_set(err, -e->error, "cannot %s: %s (%s)", nl->labels[place].what,
		strerror(-e->error), words);
}

/*
 * Go through one datagram of answers: what is no error goes to each() (NULL: nothing is expected).
 * *done is set by what ends a dump, or answers the last of a batch. Returns 0, or the first
 * failure.
 */
static int read_answers(struct netlink *nl, const void *answers, size_t len, netlink_each each,
	void *arg, bool *done, size_t *failed, struct err *err)
{
	int r = 0;

	/* not NLMSG_NEXT(): a last message of an odd length would take it past the end */
	for (size_t at = 0; r == 0 && len - at >= sizeof(struct nlmsghdr);) {
		const struct nlmsghdr *h = (const void *)((const char *)answers + at);
		size_t step = NLMSG_ALIGN((size_t)h->nlmsg_len);

		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > len - at)
			break;
		if (h->nlmsg_type == NLMSG_ERROR)
			r = judge(nl, h, failed, err);
		else if (h->nlmsg_type != NLMSG_DONE && each)
			r = each(h, arg);
		if (h->nlmsg_type == NLMSG_DONE ||
			(h->nlmsg_type == NLMSG_ERROR && (each || is_last(nl, h))))
			*done = true;
		if ((*done && each) || step > len - at)
			break;
		at += step;
	}
	return r;
}

/*
 * The kernel has answered everything before sendmsg() returned. What fails is answered always; an
 * acknowledgement, which costs a recv(2), is asked for the last message alone, and for the one
 * before it: the end of a batch of nftables is acknowledged since Linux 6.10 only. With nftables an
 * earlier failure makes later messages fail, too: the first one is the reason.
 */
int netlink_send(struct netlink *nl, size_t *failed, struct err *err)
{
	char answer[8192] __attribute__((aligned(4)));
	bool done = false;
	int r;

	if (!nl->count)
		return 0;
	want_answer(nl, nl->message);
	want_answer(nl, nl->previous);
	r = transmit(nl, err);
	while (r == 0) {
		ssize_t n = recv(nl->fd, answer, sizeof(answer), MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		r = n < 0 ? err_errno(err, "cannot %s: the kernel's answer is lost",
				    nl->labels[0].what)
			  : read_answers(nl, answer, (size_t)n, NULL, NULL, &done, failed, err);
	}
	if (r == 0 && !done)
		r = err_set(err, EPROTO, "cannot %s: the kernel does not answer",
			nl->labels[nl->count - 1].what);
	/* what is left belongs to the same failure */
	while (r < 0 && recv(nl->fd, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		continue;
	reset(nl);
	return r;
}

int netlink_ask(struct netlink *nl, netlink_each each, void *arg, struct err *err)
{
	own_mem char *answer = xmalloc(ANSWER_SIZE);
	bool done = false;
	int r;

	want_answer(nl, nl->message);
	r = transmit(nl, err);
	while (r == 0 && !done) {
		ssize_t n = recv(nl->fd, answer, ANSWER_SIZE, 0);

		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? err_errno(err, "cannot %s", nl->labels[0].what)
			  : read_answers(nl, answer, (size_t)n, each, arg, &done, NULL, err);
	}
	reset(nl);
	return r;
}

const struct nlattr *netlink_find(const void *attrs, size_t len, uint16_t type)
{
	const char *p = attrs, *end = p + len;

	while ((size_t)(end - p) >= sizeof(struct nlattr)) {
		const struct nlattr *a = (const void *)p;
		size_t step = (size_t)NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > (size_t)(end - p))
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		if (step > (size_t)(end - p))
			return NULL;
		p += step;
	}
	return NULL;
}
