package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
)

// contractCommand shows which calls are of which contract, and says so.
func contractCommand(f *flags) *cobra.Command {
	var queues, numbers []string
	c := &cobra.Command{Use: "contract [CODE [--queues Q1,Q2] [--numbers N1,N2]]", Args: cobra.MaximumNArgs(1),
		Short: "shows the contracts; gives one the calls of queues of the exchange, or to dialled numbers",
		Long: "Shows the contracts, with the queues of the exchange and the dialled numbers whose calls are theirs. With CODE and --queues or --numbers\n" +
			"it sets them; an empty list takes them away. A call of no queue or number that a contract names is of the contract of its user, and else\n" +
			"of the only contract of the desk; with several contracts it is of none, and counted so.",
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(ctx context.Context, k app.Desk) error {
				a, err := k.Ask(ctx, app.Records{Type: desk.ContractType})
				if err != nil {
					return err
				}
				all := a.(app.RecordsAnswer).Contracts
				if len(args) == 0 {
					return f.contracts(c, all)
				}
				for _, x := range all {
					if x.Of.Code != args[0] {
						continue
					}
					if c.Flags().Changed("queues") {
						x.Of.Queues = filled(queues)
					}
					if c.Flags().Changed("numbers") {
						x.Of.Numbers = filled(numbers)
					}
					if c.Flags().Changed("queues") || c.Flags().Changed("numbers") {
						if _, err := k.Do(ctx, app.SaveContract{ID: x.ID, Contract: x.Of}); err != nil {
							return err
						}
					}
					return f.contracts(c, []app.Named[desk.Contract]{x})
				}
				return fmt.Errorf("there is no contract %q: puntoctl contract lists them", args[0])
			})
		}}
	c.Flags().StringSliceVar(&queues, "queues", nil, "queues of the exchange whose calls are its")
	c.Flags().StringSliceVar(&numbers, "numbers", nil, "dialled numbers, the calls to which are its")
	return c
}

// filled leaves out what is empty.
func filled(list []string) (out []string) {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (f *flags) contracts(c *cobra.Command, all []app.Named[desk.Contract]) error {
	if f.json {
		return f.print(c.OutOrStdout(), all, "")
	}
	for _, x := range all {
		fmt.Fprintf(c.OutOrStdout(), "%s  %s\n  queues   %s\n  numbers  %s\n", x.Of.Code, x.Of.Client, strings.Join(x.Of.Queues, ", "), strings.Join(x.Of.Numbers, ", "))
	}
	return nil
}
