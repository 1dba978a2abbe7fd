/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_commands.h"

#include <errno.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"

int layer_report_result(int fd, const struct layer_result *result, struct err *err)
{
	own_buf struct buf line = {0};
	int r;

	layer_result_write(result, NULL, &line);
	r = io_write_full(fd, line.data, line.len);
	return r < 0 ? err_set(err, -r, "cannot write the result: %s", strerror(-r)) : 0;
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
