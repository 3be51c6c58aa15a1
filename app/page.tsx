export default function HomePage() {
  return <h1>Pulsetrail</h1>;
}
