/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is a digest that could name a file outside of blobs/sha256. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "spec/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = xstrndup((const char *)data, size);
	struct digest d;
	struct err err;
	int r = digest_parse(text, &d, &err);

	if ((r == 0) != digest_valid(text))
		abort();
	if (r == 0 &&
		(strcmp(d.text, text) != 0 || strlen(digest_hex(&d)) != 64 ||
			strspn(digest_hex(&d), "0123456789abcdef") != 64))
		abort();
	return 0;
}
