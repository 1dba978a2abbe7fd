/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/process_config.h"

#include <string.h>

#include "spec/check.h"

static const struct schema_field console_size_fields[] = {
	FIELD(struct console_size, height, "height", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct console_size, width, "width", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
};

const struct schema console_size_schema = SCHEMA(struct console_size, console_size_fields);

static const struct schema_field user_fields[] = {
	FIELD(struct process_user, uid, "uid", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct process_user, gid, "gid", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct process_user, umask, "umask", SCHEMA_OPT_UINT32),
	FIELD(struct process_user, additional_gids, "additionalGids", SCHEMA_UINT32S),
};

static const struct schema user_schema = SCHEMA(struct process_user, user_fields);

static const struct schema_field capability_fields[] = {
	FIELD(struct capability_sets, bounding, "bounding", SCHEMA_STRINGS),
	FIELD(struct capability_sets, effective, "effective", SCHEMA_STRINGS),
	FIELD(struct capability_sets, inheritable, "inheritable", SCHEMA_STRINGS),
	FIELD(struct capability_sets, permitted, "permitted", SCHEMA_STRINGS),
	FIELD(struct capability_sets, ambient, "ambient", SCHEMA_STRINGS),
};

static const struct schema capability_schema = SCHEMA(struct capability_sets, capability_fields);

static const struct schema_field rlimit_fields[] = {
	FIELD(struct rlimit_config, type, "type", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct rlimit_config, hard, "hard", SCHEMA_UINT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct rlimit_config, soft, "soft", SCHEMA_UINT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

const struct schema rlimit_schema = SCHEMA(struct rlimit_config, rlimit_fields);

static const struct schema_field io_priority_fields[] = {
	FIELD(struct io_priority, class, "class", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct io_priority, priority, "priority", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
};

static const struct schema io_priority_schema = SCHEMA(struct io_priority, io_priority_fields);

static const struct schema_field scheduler_fields[] = {
	FIELD(struct scheduler_config, policy, "policy", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct scheduler_config, nice, "nice", SCHEMA_INT64),
	FIELD(struct scheduler_config, priority, "priority", SCHEMA_INT64),
	FIELD(struct scheduler_config, flags, "flags", SCHEMA_STRINGS),
	FIELD(struct scheduler_config, runtime, "runtime", SCHEMA_UINT64),
	FIELD(struct scheduler_config, deadline, "deadline", SCHEMA_UINT64),
	FIELD(struct scheduler_config, period, "period", SCHEMA_UINT64),
};

static const struct schema scheduler_schema = SCHEMA(struct scheduler_config, scheduler_fields);

static const struct schema_field cpu_affinity_fields[] = {
	FIELD(struct cpu_affinity, initial, "initial", SCHEMA_STRING),
	FIELD(struct cpu_affinity, final, "final", SCHEMA_STRING),
};

static const struct schema cpu_affinity_schema = SCHEMA(struct cpu_affinity, cpu_affinity_fields);

static const struct schema_field process_fields[] = {
	FIELD(struct process_config, terminal, "terminal", SCHEMA_BOOL),
	FIELD(struct process_config, console_size, "consoleSize", SCHEMA_OPT_STRUCT,
		.sub = &console_size_schema),
	FIELD(struct process_config, user, "user", SCHEMA_STRUCT, .sub = &user_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct process_config, args, "args", SCHEMA_STRINGS, .flags = SCHEMA_REQUIRED),
	FIELD(struct process_config, env, "env", SCHEMA_STRINGS),
	FIELD(struct process_config, cwd, "cwd", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct process_config, capabilities, "capabilities", SCHEMA_OPT_STRUCT,
		.sub = &capability_schema),
	FIELD(struct process_config, rlimits, "rlimits", SCHEMA_LIST, .sub = &rlimit_schema),
	FIELD(struct process_config, no_new_privileges, "noNewPrivileges", SCHEMA_BOOL),
	FIELD(struct process_config, apparmor_profile, "apparmorProfile", SCHEMA_STRING),
	FIELD(struct process_config, oom_score_adj, "oomScoreAdj", SCHEMA_OPT_INT64),
	FIELD(struct process_config, scheduler, "scheduler", SCHEMA_OPT_STRUCT,
		.sub = &scheduler_schema),
	FIELD(struct process_config, selinux_label, "selinuxLabel", SCHEMA_STRING),
	FIELD(struct process_config, io_priority, "ioPriority", SCHEMA_OPT_STRUCT,
		.sub = &io_priority_schema),
	FIELD(struct process_config, exec_cpu_affinity, "execCPUAffinity", SCHEMA_OPT_STRUCT,
		.sub = &cpu_affinity_schema),
};

const struct schema process_config_schema = SCHEMA(struct process_config, process_fields);

static const struct check_words rlimit_types = {
	(const char *const[]){"RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA",
		"RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE",
		"RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_RSS", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
		"RLIMIT_SIGPENDING", "RLIMIT_STACK", NULL},
	"a resource limit of this system",
};

static const struct check_words io_classes = {
	(const char *const[]){"IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", NULL},
	"a class of I/O priority",
};

static const struct check_words scheduler_policies = {
	(const char *const[]){"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO",
		"SCHED_IDLE", "SCHED_DEADLINE", NULL},
	"a scheduling policy",
};

static const struct check_words scheduler_flags = {
	(const char *const[]){"SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM",
		"SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS",
		"SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX", NULL},
	"a scheduling flag",
};

static int check_rlimits(const struct process_config *p, struct err *err)
{
	for (size_t i = 0; i < p->rlimits.count; i++) {
		const struct rlimit_config *l = &p->rlimits.items[i];

		if (check_word(l->type, &rlimit_types, err) < 0)
			return schema_error_at(err, "rlimits[%zu].type", i);
		if (l->soft > l->hard)
			return err_set(err, E_SYNTAX, "rlimits[%zu].soft: %llu is above hard, %llu",
				i, (unsigned long long)l->soft, (unsigned long long)l->hard);
		for (size_t j = 0; j < i; j++)
			if (strcmp(p->rlimits.items[j].type, l->type) == 0)
				return err_set(err, E_SYNTAX, "rlimits[%zu].type: %s occurs twice",
					i, l->type);
	}
	return 0;
}

static int check_priorities(const struct process_config *p, struct err *err)
{
	if (p->io_priority && check_word(p->io_priority->class, &io_classes, err) < 0)
		return schema_error_at(err, "ioPriority.class");
	if (p->io_priority && (p->io_priority->priority < 0 || p->io_priority->priority > 7))
		return err_set(err, E_SYNTAX, "ioPriority.priority: must be 0 to 7");
	if (p->scheduler && check_word(p->scheduler->policy, &scheduler_policies, err) < 0)
		return schema_error_at(err, "scheduler.policy");
	if (p->scheduler && check_all_words(&p->scheduler->flags, &scheduler_flags, err) < 0)
		return schema_error_at(err, "scheduler.flags");
	if (p->oom_score_adj && (*p->oom_score_adj < -1000 || *p->oom_score_adj > 1000))
		return err_set(err, E_SYNTAX, "oomScoreAdj: must be -1000 to 1000");
	return 0;
}

int process_config_check(const struct process_config *p, struct err *err)
{
	if (!p->args.count)
		return err_set(err, E_SYNTAX, "args: must not be empty");
	if (check_absolute(p->cwd, err) < 0)
		return schema_error_at(err, "cwd");
	for (size_t i = 0; i < p->env.count; i++)
		if (!strchr(p->env.items[i], '='))
			return err_set(
				err, E_SYNTAX, "env[%zu]: '%.80s' has no '='", i, p->env.items[i]);
	if (check_rlimits(p, err) < 0)
		return -err->code;
	return check_priorities(p, err);
}

int process_config_parse(
	const char *text, size_t len, struct process_config *p, struct arena *a, struct err *err)
{
	struct process_config parsed;

	if (schema_decode_text(
		    &process_config_schema, text, len, JSON_DOCUMENT_MAX, &parsed, a, err) < 0 ||
		process_config_check(&parsed, err) < 0)
		return err_wrap(err, "process");
	*p = parsed;
	return 0;
}
