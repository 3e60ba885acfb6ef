using CareCoordination.Fhir.Schema;

namespace SpecPack;

/// <summary>Invariants of R4 that are wrong as published, in the form that says what they mean.</summary>
internal static class Corrections
{
    public static Invariant Apply(Invariant invariant) =>
        invariant.Key switch
        {
            // Without a fullUrl the published expression is empty, which is not true.
            "bdl-8" => invariant with { Expression = "fullUrl.exists() implies fullUrl.contains('/_history/').not()" },
            // 'in' takes a single item on its left, and when repeats. R5 writes it like this.
            "tim-9" => invariant with
            {
                Expression =
                    "offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
            },
            // An answer is a FHIR boolean, not a System.Boolean. R5 writes it like this.
            "que-7" => invariant with { Expression = "operator = 'exists' implies (answer is boolean)" },
            // More than one is more than one.
            "que-12" => invariant with { Expression = "enableWhen.count() > 1 implies enableBehavior.exists()" },
            // The code is noshow.
            "app-4" => invariant with
            {
                Expression = invariant.Expression.Replace("'no-show'", "'noshow'", StringComparison.Ordinal),
            },
            _ => invariant,
        };
}
