namespace CareCoordination.Load.Client;

/// <summary>What care managers ask all day.</summary>
internal static class CareScenarios
{
    public const string Template = "transitional-care-30-days";

    public static IEnumerable<Scenario> Of(CareData data)
    {
        yield return Get("worklist", r => $"Task/$worklist?owner={AnyManager(r)}");
        yield return Get("worklist-all", r => $"Task/$worklist?owner={AnyManager(r)}&count=1000");
        yield return Get("caseload", r => $"{AnyManager(r)}/$caseload");
        yield return new Scenario("apply", [200, 201], Apply);

        string AnyManager(Random random) => CareData.Manager(random.Next(data.Managers));

        LoadRequest Apply(Random random) =>
            new(
                "POST",
                $"PlanDefinition/{Template}/$apply",
                $$$"""{"resourceType":"Parameters","parameter":[{"name":"subject","valueString":"{{{CareData.Patient(random.Next(data.Patients))}}}"}]}"""
            );
    }

    private static Scenario Get(string name, Func<Random, string> path) =>
        new(name, [200], random => new LoadRequest("GET", path(random), null));
}
