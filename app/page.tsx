import { health } from "@/lib/sweeper/health";
import styles from "./page.module.css";

/** What it says must be true at the moment it is read. */
export const dynamic = "force-dynamic";

export default async function HomePage() {
  const { status, version, database, sweeper } = await health();
  const isRunning = status === "ok";
  return (
    <main className={styles["page"]}>
      <h1 className={styles["name"]}>Pulsetrail</h1>
      <p>
        Watches what must happen on its own: cron jobs, servers and pipelines that report, and the silence when they do
        not.
      </p>
      <p className={styles["status"]} data-running={isRunning}>
        <span aria-hidden="true" className={styles["dot"]} />
        {isRunning ? "Pulsetrail is running." : "The database does not answer."}
      </p>
      <dl className={styles["facts"]}>
        <div>
          <dt>Version</dt>
          <dd>{version}</dd>
        </div>
        <div>
          <dt>Database</dt>
          <dd>{database === "ok" ? "answers" : "does not answer"}</dd>
        </div>
        <div>
          <dt>Last look at the deadlines</dt>
          <dd>
            {sweeper.last_run_at === null ? (
              "none yet"
            ) : (
              <time dateTime={sweeper.last_run_at}>{sweeper.last_run_at}</time>
            )}
          </dd>
        </div>
      </dl>
      <h2>Send a first signal</h2>
      <p>With the ping key that the first start printed, this makes a check and brings it up:</p>
      <pre className={styles["command"]}>
        <code>curl -fsS "$BASE_URL/ping/$PING_KEY/my-first-job?create=1"</code>
      </pre>
      <p>
        The same facts as JSON: <a href="/api/health">/api/health</a>
      </p>
    </main>
  );
}
