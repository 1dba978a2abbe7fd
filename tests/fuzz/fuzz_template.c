/* SPDX-License-Identifier: Apache-2.0 */
/* Templates neither crash nor run away, and the same one gives the same output twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document[] =
	"{\"Name\":\"/web\",\"N\":3,\"On\":true,\"Nothing\":null,\"List\":[\"a\",\"b\"],"
	"\"Map\":{\"k\":\"v\"},\"State\":{\"Status\":\"running\"}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = xstrndup((const char *)data, size < 4096 ? size : 4096);
	own_arena struct arena a = {0};
	own_buf struct buf out = {0}, again = {0};
	struct err err;
	const struct json *value = json_parse(
		&a, document, strlen(document), JSON_DOCUMENT_MAX, &err);
	struct template *t;

	if (template_parse(&a, text, &t, &err) < 0 ||
		template_execute(t, value, NULL, &out, &err) < 0)
		return 0;
	if (template_execute(t, value, NULL, &again, &err) < 0 ||
		strcmp(buf_str(&out), buf_str(&again)) != 0)
		abort();
	return 0;
}
