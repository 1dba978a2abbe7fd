/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/scheduling.h"

#include <errno.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"

#define CPUS_MAX 8192 /* of any kernel */

/* As sched_setattr(2) has it; the C library of 2022 has no declaration. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

struct word {
	const char *name;
	int value;
};

static const struct word policies[] = {
	{"SCHED_OTHER", 0},
	{"SCHED_FIFO", 1},
	{"SCHED_RR", 2},
	{"SCHED_BATCH", 3},
	{"SCHED_ISO", 4},
	{"SCHED_IDLE", 5},
	{"SCHED_DEADLINE", 6},
};

static const struct word flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
	{"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
	{"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
	{"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
	{"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
	{"SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN},
	{"SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX},
};

static const struct word io_classes[] = {
	{"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
	{"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
	{"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE},
};

static const struct word domains[] = {{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};

static int find(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return words[i].value;
	return -1;
}

#define FIND(words, name) find(words, ARRAY_LEN(words), name)

int scheduling_check(const struct process_config *p, const struct personality_config *personality,
	struct err *err)
{
	const struct scheduler_config *s = p->scheduler;

	if (s && FIND(policies, s->policy) < 0)
		return err_set(err, E_SYNTAX, "process.scheduler.policy '%s' is unknown",
			s->policy ? s->policy : "");
	for (size_t i = 0; s && i < s->flags.count; i++)
		if (FIND(flags, s->flags.items[i]) < 0)
			return err_set(err, E_SYNTAX, "process.scheduler.flags: '%s' is unknown",
				s->flags.items[i]);
	if (p->io_priority && FIND(io_classes, p->io_priority->class) < 0)
		return err_set(err, E_SYNTAX, "process.ioPriority.class '%s' is unknown",
			p->io_priority->class ? p->io_priority->class : "");
	if (personality && FIND(domains, personality->domain) < 0)
		return err_set(err, E_SYNTAX, "linux.personality.domain '%s' is unknown",
			personality->domain ? personality->domain : "");
	if (personality && personality->flags.count)
		return err_set(err, E_UNSUPPORTED, "linux.personality.flags: none is defined");
	return 0;
}

static int set_scheduler(const struct scheduler_config *s, pid_t pid, struct err *err)
{
	struct attributes attr = {.size = sizeof(attr),
		.policy = (uint32_t)FIND(policies, s->policy),
		.nice = (int32_t)s->nice,
		.priority = (uint32_t)s->priority,
		.runtime = s->runtime,
		.deadline = s->deadline,
		.period = s->period};

	for (size_t i = 0; i < s->flags.count; i++)
		attr.flags |= (uint64_t)FIND(flags, s->flags.items[i]);
	if (syscall(SYS_sched_setattr, pid, &attr, 0) < 0)
		return err_errno(err, "cannot set the scheduler '%s'", s->policy);
	return 0;
}

int scheduling_apply(const struct process_config *p, pid_t pid, struct err *err)
{
	if (p->scheduler && set_scheduler(p->scheduler, pid, err) < 0)
		return -err->code;
	if (p->io_priority &&
		syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid,
			IOPRIO_PRIO_VALUE(FIND(io_classes, p->io_priority->class),
				(int)p->io_priority->priority)) < 0)
		return err_errno(err, "cannot set the I/O priority");
	return 0;
}

int scheduling_personality(const struct personality_config *persona, struct err *err)
{
	if (persona && personality((unsigned long)FIND(domains, persona->domain)) < 0)
		return err_errno(err, "cannot set the personality '%s'", persona->domain);
	return 0;
}

void scheduling_all_cpus(pid_t pid)
{
	unsigned char all[CPUS_MAX / 8];

	memset(all, 0xff, sizeof(all));
	/* not by the C library's function, whose sets end at 1024 CPUs */
	syscall(SYS_sched_setaffinity, pid, sizeof(all), all);
}

int scheduling_affinity(const char *cpus, struct err *err)
{
	const char *p = cpus;
	cpu_set_t set;

	CPU_ZERO(&set);
	while (*p) {
		char *end;
		unsigned long first = strtoul(p, &end, 10), last = first;

		if (end != p && *end == '-') {
			p = end + 1;
			last = strtoul(p, &end, 10);
		}
		if (end == p || (*end && *end != ',') || last < first || last >= CPU_SETSIZE)
			return err_set(err, E_SYNTAX, "'%s' is no list of CPUs", cpus);
		for (; first <= last; first++)
			CPU_SET(first, &set);
		p = end + (*end == ',');
	}
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		return err_errno(err, "cannot run on the CPUs '%s'", cpus);
	return 0;
}
