/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_commands.h"

#include <errno.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"

int layer_report_result(int fd, const struct layer_result *result, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *line = json_new_object(&a);

	json_set_string(&a, line, "diff_id", result->diff_id.text);
	json_set(&a, line, "size", json_new_uint(&a, result->size));
	json_set(&a, line, "entries", json_new_uint(&a, result->entries));
	if (result->skipped)
		json_set(&a, line, "skipped", json_new_uint(&a, result->skipped));
	return json_write_line(fd, line, err);
}

int layer_output_stdout(void *arg, const void *data, size_t len, struct err *err)
{
	int r = io_write_full(1, data, len);

	(void)arg;
	if (r == 0)
		return 0;
	errno = -r;
	return err_errno(err, "cannot write the layer");
}
