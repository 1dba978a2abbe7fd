/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/signals.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/own.h"

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"HUP", SIGHUP},
	{"INT", SIGINT},
	{"QUIT", SIGQUIT},
	{"ILL", SIGILL},
	{"TRAP", SIGTRAP},
	{"ABRT", SIGABRT},
	{"IOT", SIGIOT},
	{"BUS", SIGBUS},
	{"FPE", SIGFPE},
	{"KILL", SIGKILL},
	{"USR1", SIGUSR1},
	{"SEGV", SIGSEGV},
	{"USR2", SIGUSR2},
	{"PIPE", SIGPIPE},
	{"ALRM", SIGALRM},
	{"TERM", SIGTERM},
	{"STKFLT", SIGSTKFLT},
	{"CHLD", SIGCHLD},
	{"CLD", SIGCHLD},
	{"CONT", SIGCONT},
	{"STOP", SIGSTOP},
	{"TSTP", SIGTSTP},
	{"TTIN", SIGTTIN},
	{"TTOU", SIGTTOU},
	{"URG", SIGURG},
	{"XCPU", SIGXCPU},
	{"XFSZ", SIGXFSZ},
	{"VTALRM", SIGVTALRM},
	{"PROF", SIGPROF},
	{"WINCH", SIGWINCH},
	{"IO", SIGIO},
	{"POLL", SIGPOLL},
	{"PWR", SIGPWR},
	{"SYS", SIGSYS},
};

/* What glibc and Go call RTMIN and RTMAX: 32 and 33 belong to the threads library. */
enum { REALTIME_MIN = 34, REALTIME_MAX = 64 };

/* A whole decimal number of at most two digits, or -1. */
static int small_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n && n <= 2 && !text[n] ? atoi(text) : -1;
}

static int realtime(const char *text)
{
	int base = strncasecmp(text, "RTMIN", 5) == 0 ? REALTIME_MIN
		: strncasecmp(text, "RTMAX", 5) == 0  ? REALTIME_MAX
						      : -1;
	int offset, number;

	if (base < 0)
		return -1;
	if (!text[5])
		return base;
	offset = small_number(text + 6);
	if (offset < 0 || text[5] != (base == REALTIME_MIN ? '+' : '-'))
		return -1;
	number = base == REALTIME_MIN ? base + offset : base - offset;
	return number >= REALTIME_MIN && number <= REALTIME_MAX ? number : -1;
}

int signal_number(const char *text)
{
	int number = small_number(text);

	if (number >= 0)
		return number <= REALTIME_MAX ? number : -1;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		if (strcasecmp(text, signals[i].name) == 0)
			return signals[i].number;
	return realtime(text);
}
