/* SPDX-License-Identifier: Apache-2.0 */
/* kist info */
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/size.h"

struct info_options {
	const char *format;
};

static int64_t number(const struct json *d, const char *key)
{
	int64_t n = 0;

	json_int64(json_get(d, key), &n);
	return n;
}

/* What those that run may use, and do. */
static void print_limits(const struct json *info)
{
	const struct json *d = json_get(info, "Limits");
	char limit[SIZE_TEXT_MAX], all[SIZE_TEXT_MAX], used[SIZE_TEXT_MAX];

	size_binary(number(d, "Memory"), limit);
	size_binary(number(info, "MemTotal"), all);
	size_binary(number(d, "MemoryUsage"), used);
	printf(" Limits of Running Containers:\n"
	       "  Memory: %s of %s, %lld without a limit; %s used\n",
		limit, all, (long long)number(d, "MemoryUnlimited"), used);
	printf("  Processes: %lld of %lld, %lld without a limit; %lld used\n",
		(long long)number(d, "Pids"), (long long)number(d, "PidsMax"),
		(long long)number(d, "PidsUnlimited"), (long long)number(d, "PidsUsage"));
	printf("  CPUs: %.3g of %lld, %lld without a limit\n", (double)number(d, "NanoCpus") / 1e9,
		(long long)number(info, "NCPU"), (long long)number(d, "NanoCpusUnlimited"));
}

static void print_info(const struct json *d)
{
	static const struct {
		const char *label, *key;
	} rows[] = {{" Containers", "Containers"}, {"  Running", "ContainersRunning"},
		{"  Paused", "ContainersPaused"}, {"  Stopped", "ContainersStopped"},
		{" Images", "Images"}, {" Server Version", "ServerVersion"},
		{" Storage Driver", "Driver"}, {" Logging Driver", "LoggingDriver"},
		{" Cgroup Driver", "CgroupDriver"}, {" Cgroup Version", "CgroupVersion"},
		{" Default Runtime", "DefaultRuntime"}, {" Kernel Version", "KernelVersion"},
		{" Operating System", "OperatingSystem"}, {" OSType", "OSType"},
		{" Architecture", "Architecture"}, {" CPUs", "NCPU"}, {" Name", "Name"},
		{" Docker Root Dir", "DockerRootDir"}};
	char text[SIZE_TEXT_MAX];
	int64_t bytes = 0;

	printf("Client:\n Version:    %s\n Context:    default\n\nServer:\n", KIST_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		printf("%s: %s\n", rows[i].label, json_get(d, rows[i].key)->text);
	json_int64(json_get(d, "MemTotal"), &bytes);
	size_binary(bytes, text);
	printf(" Total Memory: %s\n", text);
	printf(" Security Options:\n");
	json_each (option, json_get(d, "SecurityOptions"))
		printf("  %s\n", option->text + strlen("name="));
	print_limits(d);
	/* docker's place for them, so that the list can be read by programs */
	json_each (warning, json_get(d, "Warnings"))
		fprintf(stderr, "%s\n", warning->text);
}

static int show(struct sink *sink, const struct result *result, struct err *err)
{
	const struct mouth *m = (const struct mouth *)sink;
	const struct info_options *o = m->call->options;

	if (o->format)
		return format_document(o->format, result->document, err);
	print_info(result->document);
	return 0;
}

static int run_info(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	m.sink.result = show;
	return verb_info(&m.engine, &m.sink, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct info_options, format, "format", 'f', "FORMAT", "json or a Go template"),
};

const struct cli_command cmd_info = {
	.name = "info",
	.synopsis = "[OPTIONS]",
	.help = "Print what kist knows of this machine",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct info_options),
	.run = run_info,
};
