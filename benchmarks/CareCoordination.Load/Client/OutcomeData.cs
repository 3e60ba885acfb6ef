using System.Globalization;

namespace CareCoordination.Load.Client;

/// <summary>
/// What measures count besides <see cref="CareData"/>, as NDJSON for the import: each patient has diabetes and high blood pressure, readings of
/// both and a goal; every fourth was in hospital and has seen somebody afterwards; every fourth was referred.
/// </summary>
internal sealed record OutcomeData(CareData Care)
{
    private const int Every = 4;

    /// <summary>Days of the year that the measures are asked about.</summary>
    private const int Days = 300;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public async Task WriteAsync(string folder, CancellationToken cancellationToken) =>
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "4-outcomes.ndjson"),
            Enumerable.Range(0, Care.Patients).SelectMany(Of),
            cancellationToken
        );

    private static IEnumerable<string> Of(int n)
    {
        var random = new Random(n);
        var patient = $$"""{"reference":"{{CareData.Patient(n)}}"}""";
        yield return $$$"""{"resourceType":"Condition","id":"{{{Id("1", n)}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"subject":{{{patient}}},"onsetDateTime":"2020-05-01"}""";
        yield return $$$"""{"resourceType":"Condition","id":"{{{Id("2", n)}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]},"subject":{{{patient}}},"onsetDateTime":"2019-02-01"}""";
        yield return $$$"""{"resourceType":"Goal","id":"{{{Id("3", n)}}}","lifecycleStatus":"active","description":{"text":"Pressure"},"subject":{{{patient}}},"startDate":"2026-01-05","target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","code":"mm[Hg]"}}]}""";
        yield return Reading("4", "4548-4", random.Next(55, 105) / 10m, "%");
        yield return $$$"""{"resourceType":"Observation","id":"{{{Id("5", n)}}}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{{{patient}}},"effectiveDateTime":"{{{At(random.Next(Days))}}}","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{{{random.Next(105, 175)}}},"code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":{{{random.Next(60, 105)}}},"code":"mm[Hg]"}}]}""";
        if (n % Every == 0)
        {
            var day = random.Next(Days - 40);
            yield return Encounter("6", "IMP", day, day + random.Next(1, 9));
            yield return Encounter("7", "AMB", day + 14, day + 14);
        }

        if (n % Every == 1)
        {
            var day = random.Next(Days - 40);
            yield return $$$"""{"resourceType":"ServiceRequest","id":"{{{Id("8", n)}}}","status":"completed","intent":"order","subject":{{{patient}}},"authoredOn":"{{{At(day)}}}","code":{"text":"Cardiology"}}""";
            yield return $$$"""{"resourceType":"Task","id":"{{{Id("9a", n)}}}","status":"completed","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"ServiceRequest/{{{Id("8", n)}}}"},"for":{{{patient}}},"authoredOn":"{{{At(day)}}}","executionPeriod":{"start":"{{{At(day + 3)}}}","end":"{{{At(day + 20)}}}"} }""";
        }

        string Reading(string kind, string code, decimal value, string unit) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"resourceType":"Observation","id":"{{{Id(kind, n)}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{{{patient}}},"effectiveDateTime":"{{{At(random.Next(Days))}}}","valueQuantity":{"value":{{{value}}},"code":"{{{unit}}}"} }"""
            );

        string Encounter(string kind, string code, int from, int to) =>
            $$$"""{"resourceType":"Encounter","id":"{{{Id(kind, n)}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{code}}}"},"subject":{{{patient}}},"period":{"start":"{{{At(from)}}}","end":"{{{At(to, 1)}}}"} }""";
    }

    private static string Id(string kind, int n) => string.Create(CultureInfo.InvariantCulture, $"out-{kind}-{n}");

    private static string At(int day, int hours = 0) =>
        Start.AddDays(day).AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
