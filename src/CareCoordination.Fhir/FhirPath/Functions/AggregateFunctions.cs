using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#aggregates</summary>
internal static class AggregateFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Collection("aggregate", 1, 2, Aggregate, ArgumentFocus.Item);
        table.Scalar(
            "sum",
            0,
            0,
            static (in FunctionCall call) =>
                Fold(call, static (total, item, context) => Arithmetic.Calculate("+", total, item, context))
        );
        table.Scalar(
            "min",
            0,
            0,
            static (in FunctionCall call) =>
                Fold(call, static (total, item, context) => Ordering.Compare(item, total, context) < 0 ? item : total)
        );
        table.Scalar(
            "max",
            0,
            0,
            static (in FunctionCall call) =>
                Fold(call, static (total, item, context) => Ordering.Compare(item, total, context) > 0 ? item : total)
        );
        table.Scalar("avg", 0, 0, Average);
    }

    private static void Aggregate(in FunctionCall call, FhirPathCollection output)
    {
        var total = call.ArgumentCount > 1 ? call.Argument(1) : call.Context.Rent();
        for (var i = 0; i < call.Items.Length; i++)
        {
            var next = call.Context.Rent();
            call.Project(0, call.Items[i], i, next, total);
            call.Return(total);
            total = next;
        }

        output.AddRange(total.Span);
        call.Return(total);
    }

    private static FhirPathValue Fold(
        in FunctionCall call,
        Func<FhirPathValue, FhirPathValue, EvaluationContext, FhirPathValue> combine
    )
    {
        var total = default(FhirPathValue);
        foreach (ref readonly var item in call.Items)
        {
            var next = call.Context.ToSystem(item);
            total = total.IsNone ? next : combine(total, next, call.Context);
        }

        return total;
    }

    private static FhirPathValue Average(in FunctionCall call)
    {
        var sum = Fold(call, static (total, item, context) => Arithmetic.Calculate("+", total, item, context));
        return sum.IsNone ? sum : Arithmetic.Calculate("/", sum, (decimal)call.Input.Count, call.Context);
    }
}
