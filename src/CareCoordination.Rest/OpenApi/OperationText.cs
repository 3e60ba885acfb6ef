using CareCoordination.Application.Operations;

namespace CareCoordination.Rest.OpenApi;

/// <summary>One sentence for each interaction. https://hl7.org/fhir/R4/http.html</summary>
internal static class OperationText
{
    /// <summary>The parameters of an operation, for whoever writes its Parameters.</summary>
    public static string Of(Operation operation) =>
        operation.Parameters.IsEmpty
            ? "Takes no parameters: send an empty Parameters or no body."
            : string.Join(
                "\n",
                operation.Parameters.Select(p =>
                    $"- `{p.Name}`{(p.IsRequired || p.IsNeededByRule ? " (required)" : "")}, {p.HowToSend}: {p.Documentation}"
                )
            );

    public static string Of(string code, string method, string template, string what) =>
        code switch
        {
            "capabilities" => "What this server can do, as a CapabilityStatement",
            "read" => $"Read {what}",
            "vread" => $"Read one version of {what}",
            "create" => $"Create {what}; with If-None-Exist only where the criteria find none",
            "update" when template.Contains("{id}", StringComparison.Ordinal) =>
                $"Update {what}, or create it under this id; with If-Match only this version",
            "update" => $"Update the one that the criteria find, or create {what}",
            "patch" when template.Contains("{id}", StringComparison.Ordinal) =>
                $"Change parts of {what}; with If-Match only of this version",
            "patch" => "Change parts of the one that the criteria find",
            "delete" when template.Contains("{id}", StringComparison.Ordinal) => $"Delete {what}",
            "delete" => "Delete the one that the criteria find",
            "search-type" when method == "POST" => "Search, with the parameters in a form",
            "search-type" => "Search",
            "search-compartment" => "Search what the compartment of the patient has of this type",
            "history-instance" => $"All versions of {what}, newest first",
            "history-type" => "All versions of all resources of the type, newest first",
            "history-system" => "All versions of all resources, newest first",
            "transaction" => "Process a Bundle: a transaction as a whole, a batch entry by entry",
            "$validate" => $"Check {what} without storing it",
            "$everything" => "The patient and everything in the patient's compartment, paged",
            "$process-message" => "What a partner has to say of a referral of ours, as a message Bundle",
            _ => $"The operation {code}",
        };
}
