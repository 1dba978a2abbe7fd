/* SPDX-License-Identifier: Apache-2.0 */
/* kist-spec: config.json from an image config, and verdicts on documents. */
#include "spec/tool.h"

int main(int argc, char **argv)
{
	return spec_tool_main(argc, argv);
}
