import Link from "next/link";
import styles from "./page.module.css";

export default function NotFound() {
  return (
    <main className={styles["page"]}>
      <h1 className={styles["name"]}>There is nothing here</h1>
      <p>
        The address may be mistyped, or what it led to has been deleted. <Link href="/">Back to the start</Link>
      </p>
    </main>
  );
}
