using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#utility-functions, and sort() and type() of http://hl7.org/fhirpath/</summary>
internal static class UtilityFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Collection("trace", 1, 2, Trace, ArgumentFocus.Item, keepsType: true);
        table.Scalar("now", 0, 0, static (in FunctionCall call) => FhirPathTemporal.DateTimeOf(Now(call)));
        table.Scalar("today", 0, 0, static (in FunctionCall call) => FhirPathTemporal.DateOf(Now(call)));
        table.Scalar("timeOfDay", 0, 0, static (in FunctionCall call) => FhirPathTemporal.TimeOf(Now(call)));
        table.Collection("type", 0, 0, Type);
        table.Add("sort", 0, int.MaxValue, ArgumentFocus.Item, keepsType: true, SortFunction.Create);
    }

    private static void Trace(in FunctionCall call, FhirPathCollection output)
    {
        output.AddRange(call.Items);
        if (call.Context.Trace is not { } trace || call.Text(0) is not { } name)
            return;
        if (call.ArgumentCount == 1)
        {
            trace(name, call.Input);
            return;
        }

        var projected = call.Context.Rent();
        for (var i = 0; i < call.Items.Length; i++)
            call.Project(1, call.Items[i], i, projected);
        trace(name, projected);
        call.Return(projected);
    }

    private static DateTimeOffset Now(in FunctionCall call) =>
        call.Context.Now ?? throw call.Fail("needs the evaluation context to tell the time");

    private static void Type(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
            output.Add(
                FhirPathValue.Of(
                    item.Type is { } type
                        ? new SystemTypeInfo("FHIR", type.Name)
                        : new SystemTypeInfo("System", item.Kind.ToString())
                )
            );
    }
}
