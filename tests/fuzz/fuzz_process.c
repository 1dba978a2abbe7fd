/* SPDX-License-Identifier: Apache-2.0 */
/* The process document of exec, and the resources of update. */
#include "spec/linux_resources.h"
#include "spec/process_config.h"
#include "tests/fuzz/fuzz.h"

static int read_process(const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return process_config_parse(text, len, value, a, err);
}

static int read_resources(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return linux_resources_parse(text, len, value, a, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct process_config process, other_process;
	struct linux_resources resources, other_resources;
	const char *text = (const char *)data;
	struct err err = {0};
	int64_t began = fuzz_clock();
	int r;

	if (size > JSON_DOCUMENT_MAX / 8)
		return 0;
	r = process_config_parse(text, size, &process, &a, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
	} else {
		FUZZ_CHECK(process.args.count && *process.cwd == '/');
		fuzz_check_stable(&process_config_schema, &process, read_process, &other_process);
	}
	r = linux_resources_parse(text, size, &resources, &a, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	else
		fuzz_check_stable(
			&linux_resources_schema, &resources, read_resources, &other_resources);
	fuzz_check_cost(began, size);
	return 0;
}
