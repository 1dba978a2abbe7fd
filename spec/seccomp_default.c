/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config_make.h"
