/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/process_config.h"
