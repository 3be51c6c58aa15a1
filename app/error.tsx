"use client";

import styles from "./page.module.css";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <main className={styles["page"]}>
      <h1 className={styles["name"]}>Something went wrong on our side</h1>
      <p>It has been logged. Trying again may help.</p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
