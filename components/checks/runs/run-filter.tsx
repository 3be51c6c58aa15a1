"use client";

import { UrlSegments } from "@/components/layout/url-segments";
import { RUN_STATUSES } from "@/lib/checks/history/choices";
import { RUN_WORDS } from "./run-state";

const OPTIONS = [{ value: "", label: "All" }, ...RUN_STATUSES.map((value) => ({ value, label: RUN_WORDS[value] }))];

/** Which runs are listed, by what became of them. */
export const RunFilter = () => <UrlSegments name="status" label="Status" options={OPTIONS} />;
