#!/bin/bash
# SPDX-License-Identifier: ISC
# nights: six nights of a small hospital, its segments swept side by side as
# timers do; t/lab/nights.sh is the whole of it.
cd "$(dirname "$0")/../.." || exit 1
exec t/lab/nights.sh 120 6 1 together
